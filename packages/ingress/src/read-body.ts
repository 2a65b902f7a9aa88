import type { IncomingMessage } from 'node:http';
import type { Arrivals } from './arrivals.ts';
import { createArrivals } from './arrivals.ts';
import { expireInOrder } from './expire-in-order.ts';

export type ReadBody =
  | { outcome: 'read'; body: Buffer }
  | UnreadBody
  /** The client closed the connection: there is nobody to answer. */
  | { outcome: 'aborted' };

/** Why a body was not read to its end. */
export type UnreadBody = { outcome: 'too-large' | 'too-many-pieces' | 'too-much-at-once' | 'too-slow' };

export type BodyReader = (request: IncomingMessage) => Promise<ReadBody>;

type Options = {
  /** The largest body, in bytes. */
  maxBytes: number;
  /** How many bytes of unfinished bodies may be in memory, over all requests. @defaultValue 64 MiB, or one body */
  maxUnfinishedBytes?: number;
  /** How long a body may take, in milliseconds, checked every second. @defaultValue 15000 */
  maxMs?: number;
};

type Unfinished = { held: number; finish: (result: ReadBody) => void };

/** The unfinished bodies from one address. */
type Sender = { readonly bodies: Arrivals<Unfinished>; held: number };

const LOOK_EVERY_MS = 1_000;

/**
 * A chunked body may have `MIN_PIECES` chunks, and one more for every `BYTES_PER_PIECE` bytes. A chunk costs the same
 * whatever its size: one with a single byte takes as long as one with a thousand.
 */
const MIN_PIECES = 1_000;
const BYTES_PER_PIECE = 64;

/** From so many addresses on, those that have nothing unfinished are forgotten. */
const MANY_SENDERS = 1_000;

const NOTHING = Buffer.alloc(0);

/**
 * Reads raw bodies with a limit on the memory of all unfinished ones together, because a request can be trusted only after
 * its whole body has been read and verified. Over the limit, the oldest body of the address that uses the most memory is
 * refused: Xero's bodies are complete within milliseconds. Behind a proxy all requests share one address, so the
 * oldest of all is refused.
 */
export function createBodyReader(options: Options): BodyReader {
  const { maxBytes, maxUnfinishedBytes = 64 * 1024 * 1024, maxMs = 15_000 } = options;
  const limit = Math.max(maxBytes, maxUnfinishedBytes);
  const startClock = expireInOrder({ maxMs, lookEveryMs: LOOK_EVERY_MS });
  const senders = new Map<string, Sender>();
  let held = 0;
  let sweepAt = MANY_SENDERS;

  function makeRoom(): void {
    while (held > limit) {
      const { bodies } = [...senders.values()].reduce((most, sender) => (sender.held > most.held ? sender : most));
      bodies.oldest()!.value.finish({ outcome: 'too-much-at-once' });
    }
  }

  /** Not at once: an address that goes and comes with each request would make new tables all the time, as a `Set` would. */
  function forgetIdleSenders(): void {
    for (const [address, { bodies }] of senders) if (!bodies.oldest()) senders.delete(address);
    sweepAt = Math.max(MANY_SENDERS, 2 * senders.size);
  }

  function senderAt(address: string): Sender {
    const known = senders.get(address);
    if (known) return known;
    if (senders.size >= sweepAt) forgetIdleSenders();
    const sender = { bodies: createArrivals<Unfinished>(), held: 0 };
    senders.set(address, sender);
    return sender;
  }

  return (request) => {
    if (Number(request.headers['content-length']) > maxBytes) return Promise.resolve({ outcome: 'too-large' });
    if (request.destroyed) return Promise.resolve({ outcome: 'aborted' });
    return new Promise((resolve) => {
      const body = growingBody();
      const address = addressOf(request);
      const sender = senderAt(address);
      // Without chunks, a piece is one read from the network: sending many of them costs the sender just as much.
      const isChunked = request.headers['transfer-encoding'] !== undefined;
      let pieces = 0;
      const self: Unfinished = { held: 0, finish };
      const stopClock = startClock(() => finish({ outcome: 'too-slow' }));

      function finish(result: ReadBody): void {
        request.off('data', onData).off('end', onEnd).off('error', onAborted).off('close', onAborted);
        stopClock();
        sender.bodies.remove(arrival);
        grow(-self.held);
        resolve(result);
      }
      function grow(bytes: number): void {
        held += bytes;
        sender.held += bytes;
        self.held += bytes;
      }
      function onData(chunk: Buffer): void {
        if (body.size + chunk.length > maxBytes) return finish({ outcome: 'too-large' });
        pieces++;
        if (isChunked && pieces > MIN_PIECES + body.size / BYTES_PER_PIECE)
          return finish({ outcome: 'too-many-pieces' });
        body.add(chunk);
        grow(body.held - self.held);
        if (held > limit) makeRoom();
      }
      function onEnd(): void {
        finish({ outcome: 'read', body: body.whole() });
      }
      function onAborted(): void {
        finish({ outcome: 'aborted' });
      }
      const arrival = sender.bodies.add(self);
      request.on('data', onData).once('end', onEnd).once('error', onAborted).once('close', onAborted);
    });
  };
}

function addressOf({ socket }: { socket?: { remoteAddress?: string | undefined } }): string {
  return socket?.remoteAddress ?? '';
}

/**
 * The part of a body that has arrived. A single chunk, the usual case, is kept as it is. More are copied into one buffer,
 * because a body may come in a million chunks of one byte, and each chunk object takes hundreds.
 */
function growingBody() {
  let buffer: Buffer = NOTHING;
  let size = 0;
  return {
    get size() {
      return size;
    },
    /** Memory in use, in bytes. */
    get held() {
      return buffer.length;
    },
    add(chunk: Buffer): void {
      if (size === 0) buffer = chunk;
      else {
        if (size + chunk.length > buffer.length) {
          const larger = Buffer.allocUnsafeSlow(2 * (size + chunk.length));
          buffer.copy(larger, 0, 0, size);
          buffer = larger;
        }
        chunk.copy(buffer, size);
      }
      size += chunk.length;
    },
    whole: (): Buffer => buffer.subarray(0, size),
  };
}
