import { setTimeout as wait } from 'node:timers/promises';
import type { QueueRedis, Task } from '@xero-webhooks/queue';
import { openTaskQueue } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import type { BackfillTask } from './backfill-task.ts';
import { BACKFILL_TASKS } from './backfill-task.ts';

/** `everyMs`: how far apart, in milliseconds; `undefined` for never. */
export type Schedule = { readonly task: Task<BackfillTask>; readonly everyMs: number | undefined };

/** How often to try where Redis refuses to schedule, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Has tasks done again and again, by one of all processes each time, once Redis can be used.
 *
 * @returns a function that stops trying; what is scheduled stays
 */
export function scheduleTasks(redis: QueueRedis, schedules: readonly Schedule[], log: Log): () => Promise<void> {
  const tasks = openTaskQueue<BackfillTask>(redis, BACKFILL_TASKS);
  const stopping = new AbortController();

  async function schedule({ task, everyMs }: Schedule): Promise<void> {
    await redis.watch.firstUsable;
    while (!stopping.signal.aborted) {
      try {
        await tasks.every(everyMs, task);
        return;
      } catch (error) {
        log.debug({ err: error, task: task.id }, 'a task could not be scheduled yet');
        await wait(RETRY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      }
    }
  }

  for (const one of schedules) void schedule(one);
  return async () => {
    stopping.abort();
    await tasks.close();
  };
}
