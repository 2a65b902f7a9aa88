import type { QueueOptions } from 'bullmq';
import { Queue } from 'bullmq';
import type { EventJobData } from './event-job.ts';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';

/** The queue of one shard. */
export type EventQueue = Queue<EventJobData, void>;

/**
 * Opens the queue of one shard over the process's own connection, whose owner watches and closes it.
 *
 * It neither waits for Redis nor checks its version: if Redis is absent then, BullMQ's own check makes every later call
 * fail. See `watchRedis`.
 *
 * @param options by default for reading only, without writing BullMQ's metadata of the queue
 */
export function openQueue(
  { client, connections, prefix }: QueueRedis,
  shard: number,
  options: Partial<QueueOptions> = { skipMetasUpdate: true },
): EventQueue {
  const queue: EventQueue = new Queue(queueName(shard), {
    connection: client,
    prefix: queuePrefix(prefix, shard, connections.cluster),
    skipVersionCheck: true,
    skipWaitingForReady: true,
    ...options,
  });
  // Each call reports its own error. Without a listener, an error of the connection would end the process.
  queue.on('error', (error) => connections.faults.note(error, queueName(shard)));
  return queue;
}

/** Opens the queues of all shards for reading. */
export function openQueues(redis: QueueRedis): EventQueue[] {
  return Array.from({ length: redis.shards }, (_, shard) => openQueue(redis, shard));
}
