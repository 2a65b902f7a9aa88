import type { EventQueue } from '@xero-webhooks/queue';
import type { RedisClient } from '@xero-webhooks/runtime';
import { until } from './until.ts';

/** Waits until nothing waits, is at work or is delayed. It runs no script, because scripts are what is counted. */
export async function drained(client: RedisClient, queue: EventQueue, signal: AbortSignal): Promise<void> {
  await until(
    async () => {
      const replies = await client
        .multi()
        .llen(queue.toKey('wait'))
        .llen(queue.toKey('active'))
        .zcard(queue.toKey('delayed'))
        .zcard(queue.toKey('prioritized'))
        .exec();
      return replies!.every(([, count]) => count === 0);
    },
    'the events to be handled',
    { signal },
  );
}
