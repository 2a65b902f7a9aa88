import { queueName } from './names.ts';
import type { EventQueue } from './open-queue.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';

/** How many events there are in one shard's queue. */
export type QueueContents = {
  readonly shard: number;
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly prioritized: number;
  readonly deadLetters: number;
  /** The sum of these: what is not handled yet. */
  readonly left: number;
  /** Handled events that are kept for reading and replay. */
  readonly handled: number;
};

/**
 * Counts what is in the queues.
 *
 * @param shards how many queues to look at, from the first on
 */
export async function queueContents(redis: QueueRedis, shards: number): Promise<QueueContents[]> {
  return Promise.all(Array.from({ length: shards }, (_, shard) => contentsOf(redis, shard)));
}

/** For example `3 waiting, 1 delayed`. */
export function describeContents({ waiting, active, delayed, prioritized, deadLetters }: QueueContents): string {
  const letters = deadLetters === 1 ? 'dead letter' : 'dead letters';
  const counts = { waiting, active, delayed, prioritized, [letters]: deadLetters };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

async function contentsOf(redis: QueueRedis, shard: number): Promise<QueueContents> {
  const queue = openQueue(redis, shard);
  const contents = await contentsOfQueue(queue, shard);
  // A closed queue no longer listens to the connection.
  await queue.close();
  return contents;
}

/** Counts what is in one queue. */
export async function contentsOfQueue(queue: EventQueue, shard: number): Promise<QueueContents> {
  const counts = await queue.getJobCounts();
  const count = (kind: string): number => counts[kind] ?? 0;
  const kinds = {
    waiting: count('waiting') + count('waiting-children'),
    active: count('active'),
    delayed: count('delayed'),
    prioritized: count('prioritized'),
    deadLetters: count('failed'),
  };
  const left = Object.values(kinds).reduce((sum, one) => sum + one, 0);
  return { shard, name: queueName(shard), ...kinds, left, handled: count('completed') };
}
