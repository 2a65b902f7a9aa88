import type { LedgerEvent } from './gate/protocol.ts';

/** One handler that runs, or whose success Redis has yet to confirm. */
export type WorkPlace = {
  /** The handler has succeeded, and only this process knows. */
  succeeded(): void;
  /** Frees the place. Calling it again changes nothing. */
  end(): void;
};

/**
 * The handlers at work in this process, in memory that another thread can read: a process whose event loop is blocked
 * cannot answer for itself.
 */
export type AtWork = {
  add(event: LedgerEvent & { readonly runNumber: number }, eventName: string, handler: WorkingHandler): WorkPlace;
  /** For `readAtWork`, in any thread. */
  readonly memory: SharedArrayBuffer;
};

/** What is kept of a handler. */
export type WorkingHandler = { readonly name: string; readonly latestOnly: boolean; readonly timeoutMs: number };

/** A place as another thread reads it. */
export type SeenAtWork = {
  readonly place: number;
  readonly state: 'running' | 'succeeded';
  readonly event: LedgerEvent & { readonly runNumber: number };
  readonly eventName: string;
  readonly handler: WorkingHandler;
};

/**
 * Each place holds its state, the length of its text in bytes, and the text. Handlers beyond the number of places are not
 * seen.
 */
const PLACES = 1_024;
const PLACE_BYTES = 1_024;
const HEAD_BYTES = 8;

const STATES = ['free', 'running', 'succeeded'] as const;
const FREE = 0;
const RUNNING = 1;
const SUCCEEDED = 2;

const UNSEEN: WorkPlace = { succeeded() {}, end() {} };

/** @see AtWork */
export function createAtWork(): AtWork {
  const memory = new SharedArrayBuffer(PLACES * PLACE_BYTES);
  const heads = new Int32Array(memory);
  const bytes = Buffer.from(memory);
  const free = Array.from({ length: PLACES }, (_, place) => PLACES - 1 - place);
  const headOf = (place: number): number => (place * PLACE_BYTES) / 4;

  return {
    memory,
    add({ tenantId, resourceId, jobId, date, runNumber }, eventName, { name, latestOnly, timeoutMs }) {
      const place = free.pop();
      if (place === undefined) return UNSEEN;
      const text = JSON.stringify([
        tenantId,
        resourceId,
        jobId,
        date,
        runNumber,
        eventName,
        name,
        latestOnly,
        timeoutMs,
      ]);
      const length = Buffer.byteLength(text);
      if (length > PLACE_BYTES - HEAD_BYTES) {
        free.push(place);
        return UNSEEN;
      }
      bytes.write(text, place * PLACE_BYTES + HEAD_BYTES);
      const head = headOf(place);
      heads[head + 1] = length;
      Atomics.store(heads, head, RUNNING);
      let ended = false;
      return {
        succeeded() {
          if (!ended) Atomics.store(heads, head, SUCCEEDED);
        },
        end() {
          if (ended) return;
          ended = true;
          Atomics.store(heads, head, FREE);
          free.push(place);
        },
      };
    },
  };
}

/** Reads what is at work, from any thread. A change made meanwhile may or may not be seen. */
export function readAtWork(memory: SharedArrayBuffer): SeenAtWork[] {
  const heads = new Int32Array(memory);
  const bytes = Buffer.from(memory);
  const seen: SeenAtWork[] = [];
  for (let place = 0; place < PLACES; place++) {
    const head = (place * PLACE_BYTES) / 4;
    const state = STATES[Atomics.load(heads, head)];
    if (state === undefined || state === 'free') continue;
    const begin = place * PLACE_BYTES + HEAD_BYTES;
    const fields = parse(bytes.toString('utf8', begin, begin + heads[head + 1]!));
    if (!fields) continue;
    const [tenantId, resourceId, jobId, date, runNumber, eventName, name, latestOnly, timeoutMs] = fields;
    seen.push({
      place,
      state,
      event: { tenantId, resourceId, jobId, date, runNumber },
      eventName,
      handler: { name, latestOnly, timeoutMs },
    });
  }
  return seen;
}

type Fields = [string, string, string, string, number, string, string, boolean, number];

/** The text of a place that is being written may be incomplete. */
function parse(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}
