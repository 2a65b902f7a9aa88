import { MAX_SHARDS } from '@xero-webhooks/runtime';
import { oldestWaiting } from './oldest-waiting.ts';
import { openQueue, openQueues } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';
import type { QueueContents } from './queue-contents.ts';
import { queueContents } from './queue-contents.ts';

/** How the queues are, for operators. */
export type QueueHealth = {
  /** Every queue in which something is, and those that workers read. */
  readonly queues: readonly QueueContents[];
  /** The names of queues that were paused: workers take nothing from them. */
  readonly paused: readonly string[];
  /** Jobs at work whose worker no longer renews their lock. */
  readonly abandoned: number;
  /** When the event was enqueued that waits longest, in milliseconds since 1970. */
  readonly oldestWaiting: number | undefined;
};

/** Looks at all queues. Only what is in those that workers read is looked at closely. */
export async function readQueueHealth(redis: QueueRedis): Promise<QueueHealth> {
  const all = await queueContents(redis, MAX_SHARDS);
  const queues = all.filter(({ shard, left, handled }) => shard < redis.shards || left + handled > 0);
  const looks = await Promise.all(Array.from({ length: redis.shards }, (_, shard) => lookAt(redis, shard)));
  return {
    queues,
    paused: looks.flatMap(({ name, paused }) => (paused ? [name] : [])),
    abandoned: looks.reduce((sum, look) => sum + look.abandoned, 0),
    oldestWaiting: await oldestWaiting(openQueues(redis)),
  };
}

async function lookAt(redis: QueueRedis, shard: number): Promise<{ name: string; paused: boolean; abandoned: number }> {
  const queue = openQueue(redis, shard);
  try {
    const [paused, active] = await Promise.all([queue.isPaused(), queue.getRanges(['active'])]);
    const locks = await Promise.all(active.map((id) => redis.client.exists(`${queue.toKey(id)}:lock`)));
    return { name: queue.name, paused, abandoned: locks.filter((there) => there === 0).length };
  } finally {
    await queue.close();
  }
}
