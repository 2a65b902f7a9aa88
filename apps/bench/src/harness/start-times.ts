import type { BenchProcess } from './bench-process.ts';
import { until } from './until.ts';

/** When a handler started on the event of a resource. */
type Start = readonly [resourceId: string, atMs: number];

const ASK_STARTS = 'starts';

/** The most starts in one answer. */
const MAX_STARTS = 50_000;

const starts: Start[] = [];

/** Milliseconds of a clock that all processes of this machine share and that never jumps. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

/**
 * Called by a handler when it starts. Only appends to a list, which is read after the measurement: a write or a message
 * for each event would take time from what is measured.
 */
export function noteStart(resourceId: string): void {
  starts.push([resourceId, monotonicMs()]);
}

/** Lets the parent process ask for the starts since it last asked. */
export function answerStarts(): void {
  process.on('message', (question) => {
    if (question === ASK_STARTS) process.send?.(starts.splice(0, MAX_STARTS));
  });
}

/** The starts of a worker since it was last asked. */
export async function newStarts(worker: BenchProcess): Promise<readonly Start[]> {
  return (await worker.ask(ASK_STARTS)) as Start[];
}

/**
 * Waits until a worker has started on the event of each resource, and returns when it did.
 *
 * @throws Error if it starts on one twice, or on one that is not among them
 */
export async function startsOf(
  worker: BenchProcess,
  resourceIds: Iterable<string>,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const missing = new Set(resourceIds);
  const found = new Map<string, number>();
  await until(
    async () => {
      for (const [resourceId, atMs] of await newStarts(worker)) {
        if (found.has(resourceId)) throw new Error('invalid result: an event was handled twice');
        if (!missing.delete(resourceId)) throw new Error('invalid result: an event was handled that was not sent');
        found.set(resourceId, atMs);
      }
      return missing.size === 0;
    },
    'all events to be handled',
    { signal, everyMs: 50, timeoutMs: 600_000 },
  );
  return found;
}
