import type { EventJob } from '@xero-webhooks/queue';
import type { BenchRedis } from '../harness/bench-redis.ts';

/** How many jobs are read at once. */
const GROUP = 1_000;

/**
 * When the first of the jobs was taken and the last one ended, in milliseconds since 1970.
 *
 * @throws Error if a job has not ended, or was started more than once
 */
export async function handledJobs(
  { redis, queues }: Pick<BenchRedis, 'redis' | 'queues'>,
  jobs: readonly EventJob[],
): Promise<{ began: number; ended: number }> {
  let [began, ended, handled] = [Infinity, 0, 0];
  for (let next = 0; next < jobs.length; next += GROUP) {
    const some = jobs.slice(next, next + GROUP);
    for (const queue of queues) {
      const pipeline = redis.client.pipeline();
      for (const { id } of some) pipeline.hmget(queue.toKey(id), 'processedOn', 'finishedOn', 'ats');
      for (const [, fields] of (await pipeline.exec())!) {
        const [processedOn, finishedOn, starts] = fields as (string | null)[];
        // The job is in another shard.
        if (processedOn === null) continue;
        if (starts !== '1') throw new Error(`invalid result: a job was started ${starts} times`);
        began = Math.min(began, Number(processedOn));
        ended = Math.max(ended, Number(finishedOn ?? Infinity));
        handled++;
      }
    }
  }
  if (handled !== jobs.length || ended === Infinity) {
    throw new Error(`invalid result: ${handled} of ${jobs.length} events were handled`);
  }
  return { began, ended };
}
