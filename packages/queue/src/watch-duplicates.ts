import { QueueEvents } from 'bullmq';
import { queueName, queuePrefix } from './names.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';

/** How long one read of a queue's stream waits, in milliseconds. */
const READ_MS = 1_000;

/**
 * Tells of events that come while the queues have them already. They are dropped in the step that would have added them,
 * without a word to the process that adds them; BullMQ notes them in the stream of its queue, and that is read here. It
 * reads all that happens in the queues, and is meant for development: a burst of more notes than the stream holds is seen
 * in part.
 *
 * @param onDropped gets the event's key
 * @returns what ends it
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

/** The place to read on from. BullMQ's own default, the end at each read, would miss what comes between two reads. */
async function lastNote(redis: QueueRedis, shard: number): Promise<string> {
  const queue = openQueue(redis, shard);
  try {
    const [last] = await redis.client.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1);
    return last?.[0] ?? '0-0';
  } finally {
    await queue.close();
  }
}
