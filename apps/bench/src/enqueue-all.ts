import type { EventJob, QueueRedis } from '@xero-webhooks/queue';
import { createProducer } from '@xero-webhooks/queue';

/** How many events are committed together, as when many requests come at once. */
const GROUP = 50;

/**
 * Puts events into the queue.
 *
 * @throws Error where Redis does not take them
 */
export async function enqueueAll(redis: QueueRedis, jobs: readonly EventJob[]): Promise<void> {
  const producer = createProducer(redis);
  try {
    for (let next = 0; next < jobs.length; next += GROUP) {
      const { outcome } = await producer.enqueue(jobs.slice(next, next + GROUP));
      if (outcome !== 'enqueued') throw new Error(`Redis did not take the events: ${outcome}`);
    }
  } finally {
    await producer.close();
  }
}
