import { CodedError } from '@xero-webhooks/runtime';
import type { RedisClient } from '@xero-webhooks/runtime';

/** Where the number of shards is recorded. */
export function shardsKey(prefix: string): string {
  return `${prefix}:shards`;
}

/**
 * Records the number of shards where none is recorded yet, and compares it where one is: processes that disagree would
 * put events where nobody looks.
 *
 * @throws CodedError `XW_SHARDS` where another number is recorded
 */
export async function agreeOnShards(client: RedisClient, prefix: string, shards: number): Promise<void> {
  const key = shardsKey(prefix);
  let recorded = await client.get(key);
  if (recorded === null) {
    await client.set(key, shards, 'NX');
    recorded = await client.get(key);
  }
  if (Number(recorded) !== shards) {
    throw new CodedError(
      'XW_SHARDS',
      `QUEUE_SHARDS is ${shards}, but ${recorded} is recorded in Redis under ${key}: start every process with ${recorded}, or change the record with "xw shards"`,
    );
  }
  // Changes nothing and needs no memory, so that a full Redis can be drained; but whatever else keeps Redis from being
  // written to shows here, and not first where an event is lost.
  await client.persist(key);
}
