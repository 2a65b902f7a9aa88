import { Webhook } from 'standardwebhooks';

/**
 * The headers by which a receiver knows a message and who sent it
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * @param secrets each signs, so that the receiver may still have an old one, or a new one already
 * @param at when it is sent, in milliseconds since 1970: receivers refuse what is older than some minutes
 */
export function signMessage(
  { id, body, secrets }: { id: string; body: string; secrets: readonly string[] },
  at: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
