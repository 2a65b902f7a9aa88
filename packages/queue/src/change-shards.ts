import { setTimeout as wait } from 'node:timers/promises';
import { CodedError, MAX_SHARDS } from '@xero-webhooks/runtime';
import type { QueueContents } from './queue-contents.ts';
import { describeContents, queueContents } from './queue-contents.ts';
import type { QueueRedis } from './open-redis.ts';
import { recordedShards, shardsChangeKey, shardsKey } from './shards.ts';

/** What stands in the way of a change. */
export class ShardsNotDrained extends CodedError {
  /** The queues in which something is left. */
  readonly left: readonly QueueContents[];

  constructor(left: readonly QueueContents[], to: number) {
    const what = left.map((queue) => `${queue.name} holds ${describeContents(queue)}`).join('; ');
    super('XW_SHARDS_NOT_DRAINED', `the number of shards cannot become ${to} yet: ${what}`);
    this.left = left;
  }
}

export type ShardsChange = { readonly from: number | undefined; readonly to: number };

type Options = {
  /**
   * How long processes that enqueue have to notice the change and finish their requests, in milliseconds. They look twice
   * a second, and give up on Redis after two seconds of silence. @defaultValue 5000
   */
  graceMs?: number;
};

/** How long the note about a change lasts if the process that makes it is killed, in milliseconds. */
const CHANGE_MS = 60_000;

/**
 * Changes the number of shards once nothing is left in the queues: the number decides which queue an event is in, so no
 * worker would find what is left. Processes that enqueue stop during the change, and after it for as long as they run with
 * the old number.
 *
 * @param to the new number, from 1 to 64
 * @throws ShardsNotDrained with what is left
 * @throws CodedError `XW_SHARDS` if somebody else is changing the number
 */
export async function changeShards(
  redis: QueueRedis,
  to: number,
  { graceMs = 5_000 }: Options = {},
): Promise<ShardsChange> {
  const { client, prefix } = redis;
  const from = await recordedShards(client, prefix);
  if (from === to) return { from, to };
  await refuseUnlessDrained(redis, from ?? 0, to);

  const change = shardsChangeKey(prefix);
  if ((await client.set(change, to, 'PX', CHANGE_MS, 'NX')) === null) {
    throw new CodedError('XW_SHARDS', 'somebody else is changing the number of shards: try again in a minute');
  }
  const began = performance.now();
  try {
    await wait(graceMs);
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

/** Events in a queue that workers do not take from yet, but will after the change, may stay. */
async function refuseUnlessDrained(redis: QueueRedis, from: number, to: number): Promise<void> {
  const queues = await queueContents(redis, MAX_SHARDS);
  const left = queues.filter((queue) => queue.left > 0 && !(queue.shard >= from && queue.shard < to));
  if (left.length > 0) throw new ShardsNotDrained(left, to);
}
