import { signedHeaders, xeroBody } from '@xero-webhooks/fake-xero';
import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
import { sampleEvent } from './sample-event.ts';

/** What `fetch` takes as its second argument, and Fastify's `inject` besides an address. */
export type SignedRequest = { method: 'POST'; headers: Record<string, string>; body: string };

/**
 * A webhook request as Xero sends it: with its irregular spaces, and signed.
 *
 * @param events names, or whole events; none is Xero's check of the intent to receive
 * @param key the webhook key
 */
export function signedRequest(
  events: readonly (KnownEventName | XeroEvent | (string & {}))[],
  key: string,
): SignedRequest {
  const whole = events.map((event) => (typeof event === 'string' ? sampleEvent(event) : event));
  const body = xeroBody(whole, events.length === 0 ? 0 : 1);
  return { method: 'POST', headers: signedHeaders(body, key), body: body.toString() };
}
