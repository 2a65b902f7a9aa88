import type { EventJob, EventQueue, QueueRedis } from '@xero-webhooks/queue';
import { createProducer } from '@xero-webhooks/queue';
import type { RedisClient } from '@xero-webhooks/runtime';
import { until } from './until.ts';

/** How many events are committed together, as when many requests arrive at once. */
const GROUP = 50;

/** @throws Error if Redis refuses some */
export async function enqueueAll(redis: QueueRedis, jobs: readonly EventJob[]): Promise<void> {
  const producer = createProducer(redis);
  try {
    for (let next = 0; next < jobs.length; next += GROUP) {
      const { outcome } = await producer.enqueue(jobs.slice(next, next + GROUP));
      if (outcome !== 'enqueued') throw new Error(`Redis refused the events: ${outcome}`);
    }
  } finally {
    await producer.close();
  }
}

/** Waits until no job waits, is active or is delayed. Runs no script, because `bench memory` counts scripts. */
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
    'all events to be handled',
    { signal },
  );
}
