import type { EventQueue } from './open-queue.ts';

/**
 * When the event was enqueued that waits longest in any queue, in milliseconds since 1970; `undefined` if none waits.
 */
export async function oldestWaiting(queues: readonly EventQueue[]): Promise<number | undefined> {
  const oldest = await Promise.all(
    queues.flatMap((queue) => [queue.getJobs(['wait'], 0, 0, true), queue.getJobs(['prioritized'], 0, 0, true)]),
  );
  const times = oldest.flat().map((job) => job.timestamp);
  return times.length > 0 ? Math.min(...times) : undefined;
}
