import { REDIS_SILENCE_MS } from '@xero-webhooks/runtime';
import type { RedisClient } from '@xero-webhooks/runtime';
import { Cluster, Command } from 'ioredis';
import type { Redis } from 'ioredis';

/** How many replicas have to have what was written before it counts as stored, and how long that may take. */
export type ReplicaRequirement = {
  /** 0 asks nobody. */
  readonly count: number;
  /** In milliseconds. */
  readonly timeoutMs: number;
};

/** Nobody is asked. */
export const NO_REPLICAS: ReplicaRequirement = { count: 0, timeoutMs: 0 };

/** Why something was not stored, where the demand was not met. */
export const TOO_FEW_REPLICAS = 'too few replicas have the events';

/**
 * The demand of a process that answers within a deadline.
 *
 * WAIT keeps its connection busy, and the group after it asks again: half of the deadline leaves room for both. It ends
 * before the connection would be given up for its silence.
 *
 * @param deadlineMs in milliseconds
 */
export function replicaRequirement(count: number, deadlineMs: number): ReplicaRequirement {
  return { count, timeoutMs: Math.ceil(Math.min(deadlineMs / 2, REDIS_SILENCE_MS * 0.75)) };
}

/**
 * Makes the question whether enough replicas have what was written before
 * (https://redis.io/docs/latest/commands/wait/). It has to be asked as soon as the write is confirmed, so that it goes to
 * the same server.
 *
 * It writes a mark of its own first: replicas get everything in the order in which it was written, so whoever has the
 * mark has what came before, over whichever connection it came.
 *
 * @returns a function that takes the key to mark, which is in the slot of what was written, and tells whether enough
 *   replicas have it. It rejects where Redis is at fault.
 */
export function createReplicaCheck(
  client: RedisClient,
  { count, timeoutMs }: ReplicaRequirement,
): (mark: string) => Promise<boolean> {
  return async (mark) => {
    if (count === 0) return true;
    const replies = await serverOf(client, mark).pipeline().set(mark, Date.now()).wait(count, timeoutMs).exec();
    const fault = replies?.find(([error]) => error !== null)?.[0];
    if (fault) throw fault;
    return Number(replies?.at(-1)?.[1]) >= count;
  };
}

/** The connection to the master of a key. It is asked itself: a Cluster's client would ask another if this one went. */
function serverOf(client: RedisClient, key: string): Redis {
  if (!(client instanceof Cluster)) return client;
  const address = client.slots[new Command('set', [key, '']).getSlot()]?.[0];
  const server = client.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address);
  if (!server) throw new Error('Connection is closed.');
  return server;
}
