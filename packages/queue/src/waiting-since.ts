import type { EventQueue } from './open-queue.ts';

/** How many jobs at the end of a queue's list are looked at. */
const LOOKED_AT = 20;

/**
 * Since when the event waits for a worker that has waited longest, in milliseconds since 1970; `undefined` if none waits.
 * Unlike `oldestWaiting`, it leaves out events that were tried before: since when those are back in the list is not known.
 */
export async function waitingSince(queues: readonly EventQueue[]): Promise<number | undefined> {
  const oldest = await Promise.all(
    queues.flatMap((queue) => [
      queue.getJobs(['wait'], 0, LOOKED_AT - 1, true),
      queue.getJobs(['prioritized'], 0, LOOKED_AT - 1, true),
    ]),
  );
  const times = oldest.flat().flatMap((job) => (job.processedOn === undefined ? [job.timestamp] : []));
  return times.length > 0 ? Math.min(...times) : undefined;
}
