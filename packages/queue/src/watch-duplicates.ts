import { QueueEvents } from 'bullmq';
import { queueName, queuePrefix } from './names.ts';
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
  const [seconds, microseconds] = await redis.client.time();
  const now = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  const watched = Array.from({ length: redis.shards }, (_, shard) => {
    const connection = redis.connections.forWorker(`xw-duplicates-${shard}`);
    const events = new QueueEvents(queueName(shard), {
      connection,
      prefix: queuePrefix(redis.prefix, shard, redis.connections.cluster),
      skipVersionCheck: true,
      blockingTimeout: READ_MS,
      // From now on: "$" would forget what comes between two reads.
      lastEventId: `${now}-0`,
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
