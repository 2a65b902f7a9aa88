import { QueueEvents } from 'bullmq';
import { queueName, queuePrefix } from './names.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';

/** How long one read of a queue's stream waits, in milliseconds. */
const READ_MS = 1_000;

/**
 * Reports events that arrive while the queues already have them. The step that would add such an event drops it without
 * telling the process that adds it, but BullMQ notes it in the stream of its queue. This reads those streams whole, so it
 * is for development; of a burst longer than the stream, it sees only a part.
 *
 * @param onDropped gets the event's key
 * @returns a function that ends the watch
 */
export async function watchDuplicates(redis: QueueRedis, onDropped: (key: string) => void): Promise<() => void> {
  const shards = Array.from({ length: redis.shards }, (_, shard) => shard);
  const beginnings = await Promise.all(shards.map((shard) => lastNote(redis, shard)));
  const watched = shards.map((shard) => {
    const connection = redis.connections.forWorker(`xw-duplicates-${shard}`);
    const events = new QueueEvents(queueName(shard), {
      connection,
      prefix: queuePrefix(redis.prefix, shard, redis.connections.cluster),
      skipVersionCheck: true,
      blockingTimeout: READ_MS,
      lastEventId: beginnings[shard]!,
    });
    // It goes on once Redis is back.
    events.on('error', () => {});
    events.on('duplicated', ({ jobId }) => onDropped(jobId));
    return { connection, events };
  });
  return () => {
    for (const { connection, events } of watched) {
      void events.close().catch(() => {});
      connection.disconnect();
    }
  };
}

/** Where to start reading. BullMQ's default, the end at each read, would miss what arrives between two reads. */
async function lastNote(redis: QueueRedis, shard: number): Promise<string> {
  const queue = openQueue(redis, shard);
  try {
    const [last] = await redis.client.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1);
    return last?.[0] ?? '0-0';
  } finally {
    await queue.close();
  }
}
