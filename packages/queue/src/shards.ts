import { CodedError } from '@xero-webhooks/runtime';
import type { RedisClient } from '@xero-webhooks/runtime';

/** The key that records the number of shards. */
export function shardsKey(prefix: string): string {
  return `${prefix}:shards`;
}

/** The key that says to which number the shards are being changed. It expires if the process that changes them is gone. */
export function shardsChangeKey(prefix: string): string {
  return `${prefix}:shards:change`;
}

/** The recorded number of shards; `undefined` if no process has started yet. */
export async function recordedShards(client: RedisClient, prefix: string): Promise<number | undefined> {
  const recorded = await client.get(shardsKey(prefix));
  return recorded === null ? undefined : Number(recorded);
}

/**
 * Records the number of shards, or compares it with the recorded one: if processes disagreed, events would go to queues
 * that no worker takes from.
 *
 * @throws CodedError `XW_SHARDS` if another number is recorded
 */
export async function agreeOnShards(client: RedisClient, prefix: string, shards: number): Promise<void> {
  let recorded = await recordedShards(client, prefix);
  if (recorded === undefined) {
    await client.set(shardsKey(prefix), shards, 'NX');
    recorded = await recordedShards(client, prefix);
  }
  if (recorded !== shards) {
    throw new CodedError(
      'XW_SHARDS',
      `QUEUE_SHARDS is ${shards}, but ${recorded} is recorded in Redis under ${shardsKey(prefix)}: start every process with ${recorded}, or change the record with "xw shards"`,
    );
  }
}

/**
 * Does the same for a process that enqueues, which also has to stop while the number is being changed or Redis refuses
 * writes.
 *
 * @throws CodedError `XW_SHARDS`
 */
export async function agreeToEnqueue(client: RedisClient, prefix: string, shards: number): Promise<void> {
  const [changing] = await Promise.all([client.get(shardsChangeKey(prefix)), agreeOnShards(client, prefix, shards)]);
  if (changing !== null) {
    throw new CodedError('XW_SHARDS', `the number of shards is being changed from ${shards} to ${changing}`);
  }
  // Changes nothing and needs no memory: a Redis that refuses writes shows here before it does in a request.
  await client.persist(shardsKey(prefix));
}
