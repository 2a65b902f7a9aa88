import { CodedError } from '@xero-webhooks/runtime';
import type { RedisClient } from '@xero-webhooks/runtime';

/** The most queues that the events can be spread over. */
export const MAX_SHARDS = 64;

/** Where the number of shards is recorded. */
export function shardsKey(prefix: string): string {
  return `${prefix}:shards`;
}

/** Where it stands that the number is being changed, and to which. It ends by itself if whoever changes it is gone. */
export function shardsChangeKey(prefix: string): string {
  return `${prefix}:shards:change`;
}

/** The number of shards that is recorded, or `undefined` where no process has started yet. */
export async function recordedShards(client: RedisClient, prefix: string): Promise<number | undefined> {
  const recorded = await client.get(shardsKey(prefix));
  return recorded === null ? undefined : Number(recorded);
}

/**
 * Records the number of shards where none is recorded yet, and compares it where one is: processes that disagree would
 * put events where nobody looks.
 *
 * @throws CodedError `XW_SHARDS` where another number is recorded
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
 * The same for a process that enqueues, which also has to stand back while the number is being changed, and while Redis
 * cannot be written to.
 *
 * @throws CodedError `XW_SHARDS`
 */
export async function agreeToEnqueue(client: RedisClient, prefix: string, shards: number): Promise<void> {
  const [changing] = await Promise.all([client.get(shardsChangeKey(prefix)), agreeOnShards(client, prefix, shards)]);
  if (changing !== null) {
    throw new CodedError('XW_SHARDS', `the number of shards is being changed from ${shards} to ${changing}`);
  }
  // Changes nothing and needs no memory: what keeps Redis from being written to shows here, and not first in a request.
  await client.persist(shardsKey(prefix));
}
