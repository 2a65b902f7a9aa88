import type { EventQueue, Quarantine, QueueRedis, WorkerInfo } from '@xero-webhooks/queue';
import { contentsOfQueue, listWorkers, waitingSince } from '@xero-webhooks/queue';

/** How the system is that all processes share. */
export type SystemState = {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly deadLetters: number;
  /** Handled events that are kept. */
  readonly handled: number;
  /** Since when the event waits for a worker that has waited longest, in milliseconds since 1970. */
  readonly waitingSince: number | undefined;
  readonly quarantined: number;
  readonly workers: readonly WorkerInfo[];
};

export type ReadSystem = () => Promise<SystemState>;

type Options = {
  readonly redis: QueueRedis;
  readonly queues: readonly EventQueue[];
  readonly quarantine: Pick<Quarantine, 'count'>;
};

/** A few commands for each shard, however much waits. */
export function createReadSystem({ redis, queues, quarantine }: Options): ReadSystem {
  return async () => {
    const [contents, since, quarantined, workers] = await Promise.all([
      Promise.all(queues.map(contentsOfQueue)),
      waitingSince(queues),
      quarantine.count(),
      listWorkers(redis.client, redis.prefix),
    ]);
    const sum = (pick: (queue: (typeof contents)[number]) => number): number =>
      contents.reduce((total, queue) => total + pick(queue), 0);
    return {
      waiting: sum((queue) => queue.waiting + queue.prioritized),
      active: sum(({ active }) => active),
      delayed: sum(({ delayed }) => delayed),
      deadLetters: sum(({ deadLetters }) => deadLetters),
      handled: sum(({ handled }) => handled),
      waitingSince: since,
      quarantined,
      workers,
    };
  };
}
