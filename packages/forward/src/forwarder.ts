import type { Forwarder, Message, Sent } from '@xero-webhooks/handlers';
import { CodedError } from '@xero-webhooks/runtime';
import type { Breaker, Change } from './breaker.ts';
import type { Destination } from './destination.ts';
import { readDestination } from './destination.ts';
import type { Judged, ReceiverState } from './judge.ts';
import { judge } from './judge.ts';
import type { Places } from './places.ts';
import type { PostMessage } from './post-message.ts';
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
  /** Told when a receiver's breaker opens or closes. */
  onChange: (shown: string, change: Change, reason: string) => void;
};

/** A forwarder, and the function that closes its connections. */
export type OpenForwarder = { readonly forwarder: Forwarder; close(): void };

/** The forwarder of a worker. Everything that is known of a receiver goes through it. */
export function createForwarder({ allowPrivate, breaker, places, onSent, onChange }: Options): OpenForwarder {
  const { post, close } = createPostMessage(allowPrivate);

  async function send(destination: Destination, message: Message): Promise<Sent> {
    const { address, shown } = destination;
    const permit = await breaker.admit(address);
    if (permit.outcome === 'wait') return parkedBy(permit, shown);
    const note = async (receiver: ReceiverState): Promise<void> => {
      const change = await breaker.note(address, message.id, permit, receiver);
      if (change) onChange(shown, change, receiver.state === 'ailing' ? receiver.reason : '');
    };
    try {
      const { sent, receiver } = await makeAndPost(post, destination, message);
      await note(receiver);
      if (!permit.isProbe || receiver.state !== 'ailing') return sent;
      // A probe uses no attempt, however long the receiver is down.
      const next = await breaker.admit(address);
      return next.outcome === 'wait' ? parkedBy(next, shown) : sent;
    } catch (error) {
      // The message could not be made: another can be the probe.
      await note({ state: 'unknown' });
      throw error;
    }
  }

  async function sendInTurn(destination: Destination, message: Message): Promise<Sent> {
    const place = await places.take(destination.address);
    if (typeof place !== 'function') {
      const reason = `${destination.shown} is slow: enough messages wait for its answers`;
      return { outcome: 'parked', delayMs: place.delayMs, reason };
    }
    try {
      return await send(destination, message);
    } finally {
      place();
    }
  }

  return {
    close,
    async forwarder(message) {
      const checked = checkMessage(message, allowPrivate);
      const sent = checked.outcome === 'ready' ? await sendInTurn(checked.destination, message) : checked;
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
      return checked.outcome === 'ready' ? (await makeAndPost(post, checked.destination, message)).sent : checked;
    },
  };
}

function parkedBy({ delayMs, reason }: { delayMs: number; reason: string }, shown: string): Sent {
  return { outcome: 'parked', delayMs, reason: `${shown} keeps failing (${reason}): messages to it wait` };
}

async function makeAndPost(post: PostMessage['post'], destination: Destination, message: Message): Promise<Judged> {
  const { url, shown } = destination;
  const body = await message.body();
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_MESSAGE_BYTES) {
    const reason = `the message has ${bytes} bytes, and at most ${MAX_MESSAGE_BYTES} are sent`;
    return { sent: { outcome: 'gone', reason }, receiver: { state: 'unknown' } };
  }
  return judge(await post({ ...message, body, url }), shown);
}

function checkMessage(
  { url, secrets }: Message,
  allowPrivate: boolean,
): { outcome: 'ready'; destination: Destination } | Sent {
  try {
    const destination = readDestination(url, allowPrivate);
    if (secrets.length > 0 && secrets.every((secret) => SECRET_PATTERN.test(secret))) {
      return { outcome: 'ready', destination };
    }
    const words = `cannot forward without a secret of the right form: it must be ${SECRET_EXPECTED}`;
    return { outcome: 'failed', error: new CodedError('XW_FORWARD_OPTIONS', words) };
  } catch (error) {
    return { outcome: 'failed', error: error as Error };
  }
}
