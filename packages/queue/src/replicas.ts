import { REDIS_SILENCE_MS } from '@xero-webhooks/runtime';
import type { RedisClient } from '@xero-webhooks/runtime';
import { Cluster, Command } from 'ioredis';
import type { Redis } from 'ioredis';

/** How many replicas must have a write before it counts as stored, and how long that may take. */
export type ReplicaRequirement = {
  /** 0 asks no replica. */
  readonly count: number;
  /** In milliseconds. */
  readonly timeoutMs: number;
};

export const NO_REPLICAS: ReplicaRequirement = { count: 0, timeoutMs: 0 };

/** Why a write does not count as stored. */
export const TOO_FEW_REPLICAS = 'too few replicas have the events';

/**
 * The requirement of a process that answers within a deadline.
 *
 * WAIT keeps its connection busy, and the next group waits behind it: half of the deadline leaves room for both. It ends
 * before the connection would be given up as silent.
 *
 * @param deadlineMs in milliseconds
 */
export function replicaRequirement(count: number, deadlineMs: number): ReplicaRequirement {
  return { count, timeoutMs: Math.ceil(Math.min(deadlineMs / 2, REDIS_SILENCE_MS * 0.75)) };
}

/**
 * Asks whether enough replicas have an earlier write (https://redis.io/docs/latest/commands/wait/). Ask as soon as the
 * write is confirmed, so that the question goes to the same server.
 *
 * It writes a mark first: replicas get writes in order, so a replica that has the mark has everything before it, over
 * whichever connection it came.
 *
 * @returns a function that takes the key to mark, in the slot of the write, and tells whether enough replicas have it. It
 *   rejects if Redis is at fault.
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

/** The connection to the master of a key. A Cluster's client would ask another server if this one went away. */
function serverOf(client: RedisClient, key: string): Redis {
  if (!(client instanceof Cluster)) return client;
  const address = client.slots[new Command('set', [key, '']).getSlot()]?.[0];
  const server = client.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address);
  if (!server) throw new Error('Connection is closed.');
  return server;
}
