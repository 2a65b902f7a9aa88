import { randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import { startBenchRedis } from '../bench-redis.ts';
import { drained } from '../drained.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { makeEventJobs, newResource } from '../event-jobs.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { handlerModule, OUR_WORKER, startWorkerProcess } from '../worker-process.ts';

/** What goes through the queue in a round, and how many worker processes there are. */
export type Load = {
  readonly workers: number;
  /** Events of one resource. */
  readonly together: number;
  /** Events of a resource each, evenly mixed in. */
  readonly others: number;
};

/** How long a round took. Times are from when the first event was taken, in milliseconds; 0 where there were none. */
export type Round = {
  /** Until the last event of the one resource was handled. */
  readonly togetherMs: number;
  /** Until the last of the others was handled. */
  readonly othersMs: number;
  readonly machine: Machine;
};

export const CONCURRENCY = 50;

/** Events that go first: a process that has just started is slower than it will be. */
const WARM_UP = 300;

/** Sends events through workers that are there already, on a Redis of its own. */
export async function runRound({ workers, together, others }: Load, signal: AbortSignal): Promise<Round> {
  await using bench = await startBenchRedis();
  const machine = await describeMachine(bench.redis.client);
  await using processes = new AsyncDisposableStack();
  const environment = {
    ...bench.environment,
    WORKER_ADMIN_PORT: '0',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    HANDLERS: handlerModule('wait-20-ms'),
  };
  for (let worker = 0; worker < workers; worker++) {
    processes.use(await startWorkerProcess(OUR_WORKER, environment));
  }
  await enqueueAll(bench.redis, makeEventJobs({ count: WARM_UP }));
  await drained(bench.redis.client, bench.queue, signal);

  const resource = { resourceId: randomUUID(), tenantId: randomUUID() };
  const ofOne = makeEventJobs({ count: together, resourceOf: () => resource });
  const ofOthers = makeEventJobs({ count: others, resourceOf: newResource });
  await enqueueAll(bench.redis, mixed(ofOne, ofOthers));
  await drained(bench.redis.client, bench.queue, signal);

  const jobs = new Map((await bench.queue.getCompleted(0, -1)).map((job) => [job.id!, job]));
  const of = (some: readonly EventJob[]) =>
    some.map(({ id }) => {
      const { processedOn, finishedOn } = jobs.get(id) ?? {};
      if (processedOn === undefined || finishedOn === undefined) throw new Error(`event ${id} was not handled`);
      return { processedOn, finishedOn };
    });
  const [one, other] = [of(ofOne), of(ofOthers)];
  const began = Math.min(...[...one, ...other].map(({ processedOn }) => processedOn));
  const last = (some: typeof one): number => Math.max(began, ...some.map(({ finishedOn }) => finishedOn)) - began;
  return { togetherMs: last(one), othersMs: last(other), machine };
}

/** Puts two lists into one, in turn as long as both have some. */
function mixed<Item>(some: readonly Item[], others: readonly Item[]): Item[] {
  return Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [
    ...some.slice(index, index + 1),
    ...others.slice(index, index + 1),
  ]).flat();
}
