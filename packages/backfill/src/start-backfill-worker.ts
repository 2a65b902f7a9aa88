import type { EventQueue, Producer, QueueRedis } from '@xero-webhooks/queue';
import { agreeToEnqueue, createBacklog, startTasks } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import type { Backfill, BackfillList } from './backfill.ts';
import type { XeroReader } from '@xero-webhooks/xero';
import { createBackfillStore } from './backfill-store.ts';
import type { BackfillTask, ListTask } from './backfill-task.ts';
import { BACKFILL_TASKS } from './backfill-task.ts';
import { createBackfillWork } from './backfill-work.ts';
import type { Copies } from './copies.ts';
import { createKnownChanges } from './known-changes.ts';
import { createReadList } from './read-list.ts';

type Options = {
  readonly redis: QueueRedis;
  readonly queues: readonly EventQueue[];
  readonly reader: XeroReader;
  readonly copies: Copies;
  readonly producer: Producer;
  /** How long the lock of a task lives without being renewed, in milliseconds. */
  readonly lockMs: number;
  readonly log: Log;
  /** Sees whether it is time to reconcile, and whether a gap is old enough. */
  readonly reconcile: () => Promise<void>;
  readonly fillGaps: () => Promise<void>;
  /** Told of each list that was read to its end. */
  readonly onDone: (backfill: Pick<Backfill, 'id' | 'kind'>, list: BackfillList) => void;
};

/** Lists that one process reads at once: few, as handlers have more to do. */
const LISTS_AT_ONCE = 3;

/** Starts this process's part in backfills. @returns a function that stops it; others go on with what it had begun */
export function startBackfillWorker({ redis, queues, reader, copies, producer, lockMs, log, ...more }: Options) {
  const { reconcile, fillGaps, onDone } = more;
  const { client, prefix, shards } = redis;
  const work = createBackfillWork({
    store: createBackfillStore(client, prefix),
    readList: createReadList(reader),
    known: createKnownChanges(client, prefix),
    copies,
    backlog: createBacklog(queues),
    async enqueue(jobs) {
      // While the number of shards is being changed, nothing may be added.
      await agreeToEnqueue(client, prefix, shards);
      return producer.enqueue(jobs);
    },
    onDone,
  });
  return startTasks<BackfillTask>({
    redis,
    name: BACKFILL_TASKS,
    concurrency: LISTS_AT_ONCE,
    lockMs,
    log,
    async run({ name, data }, signal) {
      if (name === 'count') return work.count(data as ListTask, signal);
      if (name === 'read') return work.read(data as ListTask, signal);
      await (name === 'gaps' ? fillGaps() : reconcile());
      return { end: 'done' };
    },
  });
}
