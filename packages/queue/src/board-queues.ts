import { Queue } from 'bullmq';
import type { RedisClient } from '@xero-webhooks/runtime';
import { queueName, queuePrefix } from './names.ts';

export type BoardQueues = { readonly queues: readonly Queue[]; close(): Promise<void> };

type Options = { client: RedisClient; prefix: string; shards: number; cluster: boolean };

/** Opens the queues of all shards for looking on: nothing is written, not even BullMQ's own notes about a queue. */
export function openBoardQueues({ client, prefix, shards, cluster }: Options): BoardQueues {
  const queues = Array.from({ length: shards }, (_, shard) => {
    const queue = new Queue(queueName(shard), {
      connection: client,
      prefix: queuePrefix(prefix, shard, cluster),
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
