import { Queue } from 'bullmq';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';

export type BoardQueues = { readonly queues: readonly Queue[]; close(): Promise<void> };

/** Opens the queues of all shards for looking on: nothing is written, not even BullMQ's own notes about a queue. */
export function openBoardQueues({ client, connections, prefix, shards }: QueueRedis): BoardQueues {
  const queues = Array.from({ length: shards }, (_, shard) => {
    const queue = new Queue(queueName(shard), {
      connection: client,
      prefix: queuePrefix(prefix, shard, connections.cluster),
      skipVersionCheck: true,
      skipWaitingForReady: true,
      skipMetasUpdate: true,
    });
    queue.on('error', () => {});
    return queue;
  });
  return {
    queues,
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}
