import type { Redis } from 'ioredis';
import { Cluster } from 'ioredis';
import type { RedisClient } from './connect.ts';

/**
 * The servers that a client writes to.
 *
 * @throws Error if a Cluster's client is connected to no node
 */
export function mastersOf(client: RedisClient): readonly Redis[] {
  if (!(client instanceof Cluster)) return [client];
  const masters = client.nodes('master');
  if (masters.length === 0) throw new Error('Connection is closed.');
  return masters;
}
