import { crc32 } from 'node:zlib';

/** The name of a shard's queue, for example `xero-events-0`. */
export function queueName(shard: number): string {
  return `xero-events-${shard}`;
}

/**
 * The prefix that BullMQ puts before every key of a shard's queue.
 *
 * All keys of one queue have to be in one slot of a Cluster, and different shards should be on different masters, so
 * there the prefix carries the shard as a hash tag (https://docs.bullmq.io/bull/patterns/redis-cluster).
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
