import type { BenchProcess } from './bench-process.ts';
import type { Start } from './start-times.ts';
import { ASK_STARTS } from './start-times.ts';
import { until } from './until.ts';

/**
 * Asks a worker when it began with the event of each of some resources, and waits until it has begun with all.
 *
 * @throws Error where it begins with one twice, or with one that it was not given: then it is no result
 */
export async function startsOf(
  worker: BenchProcess,
  resourceIds: Iterable<string>,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const missing = new Set(resourceIds);
  const starts = new Map<string, number>();
  await until(
    async () => {
      for (const [resourceId, atMs] of (await worker.ask(ASK_STARTS)) as Start[]) {
        if (starts.has(resourceId)) throw new Error('an event was handled twice: that is no result');
        if (!missing.delete(resourceId)) throw new Error('an event was handled that was not sent: that is no result');
        starts.set(resourceId, atMs);
      }
      return missing.size === 0;
    },
    'all events to be handled',
    { signal, everyMs: 50, limitMs: 600_000 },
  );
  return starts;
}
