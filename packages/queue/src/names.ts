import { crc32 } from 'node:zlib';

/** For example `xero-events-0`. */
export function queueName(shard: number): string {
  return `xero-events-${shard}`;
}

/**
 * The prefix that BullMQ puts before every key of a shard's queue.
 *
 * In a Cluster, all keys of a queue must be in one slot, and shards should be on different masters, so the prefix carries
 * the shard as a hash tag (https://docs.bullmq.io/bull/patterns/redis-cluster).
 */
export function queuePrefix(prefix: string, shard: number, cluster: boolean): string {
  return cluster ? `${prefix}:{${shard}}` : prefix;
}

/**
 * Chooses the shard of an organisation: all its events go to one queue.
 *
 * @param shards how many queues there are
 * @returns from 0 to `shards - 1`
 */
export function shardOf(tenantId: string, shards: number): number {
  return shards === 1 ? 0 : crc32(tenantId.toLowerCase()) % shards;
}
