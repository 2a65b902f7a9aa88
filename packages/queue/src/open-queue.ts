import type { QueueOptions } from 'bullmq';
import { Queue } from 'bullmq';
import type { EventJobData } from './event-job.ts';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';

/** The queue of one shard. */
export type EventQueue = Queue<EventJobData, void>;

/**
 * Opens the queue of one shard over the process's own connection, which is watched and closed by its owner.
 *
 * It neither waits for Redis nor checks its version: BullMQ's own check, when Redis is absent as the queue is made,
 * would make every later call fail. See `watchRedis`.
 *
 * @param options what differs from a queue that only looks on; such a one does not write BullMQ's notes about it
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
  // Each call reports its own error; without a listener, one of the connection would end the process.
  queue.on('error', (error) => connections.faults.note(error, queueName(shard)));
  return queue;
}

/** Opens the queues of all shards, to look on. */
export function openQueues(redis: QueueRedis): EventQueue[] {
  return Array.from({ length: redis.shards }, (_, shard) => openQueue(redis, shard));
}
