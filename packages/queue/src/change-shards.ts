import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '@xero-webhooks/runtime';
import type { QueueContents } from './queue-contents.ts';
import { describeContents, queueContents } from './queue-contents.ts';
import type { QueueRedis } from './open-redis.ts';
import { MAX_SHARDS, recordedShards, shardsChangeKey, shardsKey } from './shards.ts';

export type ShardsChange = { readonly from: number | undefined; readonly to: number };

type Options = {
  /**
   * How long processes that enqueue get to notice, and to finish what is on its way, in milliseconds: they look twice a
   * second, and give up a Redis that is silent for two seconds. @defaultValue 5000
   */
  settleMs?: number;
};

/** How long the note about a change stands if whoever changes is killed, in milliseconds. */
const CHANGE_MS = 60_000;

/**
 * Changes the number of shards, when nothing is left in the queues: an event's queue follows from the number, so what is
 * left would wait where nobody looks. While it is done, processes that enqueue stand back; from then on, those that were
 * started with the old number do.
 *
 * @param to the new number, from 1 to 64
 * @throws CodedError `XW_SHARDS_NOT_DRAINED` with what is left, where anything is; `XW_SHARDS` where the number is being
 *   changed by somebody else
 */
export async function changeShards(
  redis: QueueRedis,
  to: number,
  { settleMs = 5_000 }: Options = {},
): Promise<ShardsChange> {
  const { client, prefix } = redis;
  const from = await recordedShards(client, prefix);
  if (from === to) return { from, to };
  await refuseUnlessDrained(redis, from ?? 0, to);

  const change = shardsChangeKey(prefix);
  if ((await client.set(change, to, 'PX', CHANGE_MS, 'NX')) === null) {
    throw new CodedError('XW_SHARDS', 'the number of shards is being changed by somebody else: try again in a minute');
  }
  const began = performance.now();
  try {
    await wait(settleMs);
    await refuseUnlessDrained(redis, from ?? 0, to);
    if (performance.now() - began > CHANGE_MS / 2) {
      throw new CodedError('XW_SHARDS', 'Redis was too slow to change the number of shards: try again');
    }
    await client.set(shardsKey(prefix), to);
  } finally {
    // If this fails, the note still ends by itself.
    await client.del(change).catch(() => 0);
  }
  return { from, to };
}

/** What is in a queue that no worker has looked at until now, and some will, is no hindrance. */
async function refuseUnlessDrained(redis: QueueRedis, from: number, to: number): Promise<void> {
  const queues = await queueContents(redis, MAX_SHARDS);
  const left = queues.filter((queue) => queue.left > 0 && !(queue.shard >= from && queue.shard < to));
  if (left.length > 0) throw new CodedError('XW_SHARDS_NOT_DRAINED', describeLeft(left, to));
}

function describeLeft(left: readonly QueueContents[], to: number): string {
  const what = left.map((queue) => `${queue.name} holds ${describeContents(queue)}`).join('; ');
  return `the number of shards cannot become ${to} yet: ${what}`;
}
