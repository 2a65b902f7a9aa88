import type { RedisClient } from '@xero-webhooks/runtime';
import type { EventQueue } from './open-queue.ts';
import type { QueueContents } from './queue-contents.ts';
import { contentsOfQueue } from './queue-contents.ts';
import { waitingSince } from './waiting-since.ts';

/** How the queues that workers read are, for operators. */
export type QueueHealth = {
  readonly queues: readonly QueueContents[];
  /** The names of queues that were paused: workers take nothing from them. */
  readonly paused: readonly string[];
  /** Jobs at work whose worker no longer renews their lock. */
  readonly abandoned: number;
  /** Since when the event waits for a worker that has waited longest, in milliseconds since 1970. */
  readonly waitingSince: number | undefined;
};

/** @param queues in the order of their shards, from `openQueues` */
export async function readQueueHealth(client: RedisClient, queues: readonly EventQueue[]): Promise<QueueHealth> {
  const [contents, looks, since] = await Promise.all([
    Promise.all(queues.map(contentsOfQueue)),
    Promise.all(queues.map((queue) => lookAt(client, queue))),
    waitingSince(queues),
  ]);
  return {
    queues: contents,
    paused: looks.flatMap(({ name, paused }) => (paused ? [name] : [])),
    abandoned: looks.reduce((sum, look) => sum + look.abandoned, 0),
    waitingSince: since,
  };
}

async function lookAt(
  client: RedisClient,
  queue: EventQueue,
): Promise<{ name: string; paused: boolean; abandoned: number }> {
  const [paused, active] = await Promise.all([queue.isPaused(), queue.getRanges(['active'])]);
  const locks = await Promise.all(active.map((id) => client.exists(`${queue.toKey(id)}:lock`)));
  return { name: queue.name, paused, abandoned: locks.filter((there) => there === 0).length };
}
