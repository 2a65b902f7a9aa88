import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey } from '@xero-webhooks/webhook';
import { shardOf } from './names.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';

/** The most keys in one command: Redis does nothing else meanwhile. */
const MAX_KEYS = 1_000;

/**
 * Counts the events that the queues already have: waiting, at work, dead, or handled and still kept. If one of them comes
 * again, the step that would add it drops it.
 */
export async function countKnownEvents(redis: QueueRedis, events: readonly XeroEvent[]): Promise<number> {
  const shards = Map.groupBy(events, ({ tenantId }) => shardOf(tenantId, redis.shards));
  const counts = [...shards].map(([shard, group]) => countInShard(redis, shard, group));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function countInShard(redis: QueueRedis, shard: number, events: readonly XeroEvent[]): Promise<number> {
  const queue = openQueue(redis, shard);
  try {
    let known = 0;
    for (let at = 0; at < events.length; at += MAX_KEYS) {
      const keys = events.slice(at, at + MAX_KEYS).map((event) => queue.toKey(eventKey(event)));
      known += await redis.client.exists(...keys);
    }
    return known;
  } finally {
    await queue.close();
  }
}
