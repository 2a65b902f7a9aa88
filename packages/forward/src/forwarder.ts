import type { Forwarder, Message, Sent } from '@xero-webhooks/handlers';
import { CodedError } from '@xero-webhooks/runtime';
import type { Breaker, Change } from './breaker.ts';
import type { Destination } from './destination.ts';
import { readDestination } from './destination.ts';
import { judge } from './judge.ts';
import type { Places } from './places.ts';
import { createPostMessage } from './post-message.ts';
import { SECRET_EXPECTED, SECRET_PATTERN } from './secret.ts';

/** The largest message, in bytes. */
const MAX_MESSAGE_BYTES = 10_000_000;

type Options = {
  /** FORWARD_ALLOW_PRIVATE. */
  allowPrivate: boolean;
  breaker: Breaker;
  places: Places;
  /** Told of each message. */
  onSent: (outcome: Sent['outcome']) => void;
  /** Told when messages to a receiver begin to wait, and when they no longer do. */
  onChange: (shown: string, change: Change, reason: string) => void;
};

/** A forwarder, and the function that closes its connections. */
export type OpenForwarder = { readonly forwarder: Forwarder; close(): void };

/** Makes the forwarder of a worker. */
export function createForwarder({ allowPrivate, breaker, places, onSent, onChange }: Options): OpenForwarder {
  const { post, close } = createPostMessage(allowPrivate);

  async function sendTo({ url, address, shown }: Destination, message: Message): Promise<Sent> {
    const free = await places.take(address);
    if (typeof free !== 'function') {
      return {
        outcome: 'parked',
        delayMs: free.delayMs,
        reason: `${shown} is slow: enough messages wait for its answers`,
      };
    }
    try {
      const permit = await breaker.admit(address);
      if (permit.outcome === 'wait') {
        const { delayMs, reason } = permit;
        return { outcome: 'parked', delayMs, reason: `${shown} keeps failing (${reason}): messages to it wait` };
      }
      const { sent, of } = judge(await post({ ...message, url }), shown);
      const change = await breaker.note(address, message.id, permit, of);
      if (change) onChange(shown, change, of.health === 'ailing' ? of.reason : '');
      return sent;
    } finally {
      free();
    }
  }

  return {
    close,
    async forwarder(message) {
      const checked = checkMessage(message, allowPrivate);
      const sent = checked.outcome === 'ready' ? await sendTo(checked.destination, message) : checked;
      onSent(sent.outcome);
      return sent;
    },
  };
}

/** One that only posts, for tests of handlers: nobody else sends, so nobody has to be spared. */
export function createPlainForwarder(): OpenForwarder {
  const { post, close } = createPostMessage(true);
  return {
    close,
    async forwarder(message) {
      const checked = checkMessage(message, true);
      if (checked.outcome !== 'ready') return checked;
      const { url, shown } = checked.destination;
      return judge(await post({ ...message, url }), shown).sent;
    },
  };
}

function checkMessage(
  { url, secrets, body }: Message,
  allowPrivate: boolean,
): { outcome: 'ready'; destination: Destination } | Sent {
  try {
    const destination = readDestination(url, allowPrivate);
    if (secrets.length === 0 || !secrets.every((secret) => SECRET_PATTERN.test(secret))) {
      throw new CodedError(
        'XW_FORWARD_OPTIONS',
        `cannot forward without a secret of the right form: it must be ${SECRET_EXPECTED}`,
      );
    }
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_MESSAGE_BYTES) {
      return { outcome: 'gone', reason: `the message has ${bytes} bytes, and at most ${MAX_MESSAGE_BYTES} are sent` };
    }
    return { outcome: 'ready', destination };
  } catch (error) {
    return { outcome: 'failed', error: error as Error };
  }
}
