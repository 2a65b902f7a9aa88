import { setTimeout as wait } from 'node:timers/promises';
import type { QueueRedis, Task } from '@xero-webhooks/queue';
import { openTaskQueue } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import type { BackfillTask } from './backfill-task.ts';
import { BACKFILL_TASKS } from './backfill-task.ts';

/** How often to try where Redis refuses to schedule, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Has a task done again and again, by one of all processes each time, once Redis can be used.
 *
 * @param ms how far apart, in milliseconds; `undefined` for never
 * @returns a function that stops trying; what is scheduled stays
 */
export function scheduleTask(
  redis: QueueRedis,
  task: Task<BackfillTask>,
  ms: number | undefined,
  log: Log,
): () => Promise<void> {
  const tasks = openTaskQueue<BackfillTask>(redis, BACKFILL_TASKS);
  const stopping = new AbortController();

  async function schedule(): Promise<void> {
    await redis.watch.firstUsable;
    while (!stopping.signal.aborted) {
      try {
        await tasks.every(ms, task);
        return;
      } catch (error) {
        log.debug({ err: error, task: task.id }, 'a task could not be scheduled yet');
        await wait(RETRY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      }
    }
  }

  void schedule();
  return async () => {
    stopping.abort();
    await tasks.close();
  };
}
