import { randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { makeEventJobs } from '../harness/events.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import { startOurWorker, workersReady } from '../harness/workers.ts';

/** The load of a round. */
export type Load = {
  readonly workers: number;
  /** Events of one resource. */
  readonly together: number;
  /** Events of one resource each, mixed in evenly. */
  readonly others: number;
};

/** Milliseconds from when the first event was taken; 0 if there were no such events. */
export type Round = {
  /** Until the last event of the one resource was handled. */
  readonly togetherMs: number;
  /** Until the last of the others was handled. */
  readonly othersMs: number;
  readonly machine: Machine;
};

/** Events that go first: a new process is slower. */
const WARM_UP = 300;

/** Sends events to running workers, on a Redis of its own. */
export async function runRound({ workers, together, others }: Load, signal: AbortSignal): Promise<Round> {
  await using bench = await startBenchRedis();
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  await using stack = new AsyncDisposableStack();
  const processes = Array.from({ length: workers }, () => stack.use(startOurWorker(bench, 'wait20Ms')));
  await workersReady(client, { count: workers, processes }, signal);
  await enqueueAll(bench.redis, makeEventJobs({ count: WARM_UP }));
  await drained(client, bench.queue, signal);

  const resource = { resourceId: randomUUID(), tenantId: randomUUID() };
  const ofOne = makeEventJobs({ count: together, resourceOf: () => resource });
  const ofOthers = makeEventJobs({ count: others });
  await enqueueAll(bench.redis, mixed(ofOne, ofOthers));
  await drained(client, bench.queue, signal);

  const jobs = new Map((await bench.queue.getCompleted(0, -1)).map((job) => [job.id!, job]));
  const timesOf = (some: readonly EventJob[]) =>
    some.map(({ id }) => {
      const { processedOn, finishedOn } = jobs.get(id) ?? {};
      if (processedOn === undefined || finishedOn === undefined) throw new Error(`event ${id} was not handled`);
      return { processedOn, finishedOn };
    });
  const [one, other] = [timesOf(ofOne), timesOf(ofOthers)];
  const began = Math.min(...[...one, ...other].map(({ processedOn }) => processedOn));
  const last = (some: typeof one): number => Math.max(began, ...some.map(({ finishedOn }) => finishedOn)) - began;
  return { togetherMs: last(one), othersMs: last(other), machine };
}

/** Alternates between two lists for as long as both have items. */
function mixed<Item>(some: readonly Item[], others: readonly Item[]): Item[] {
  return Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [
    ...some.slice(index, index + 1),
    ...others.slice(index, index + 1),
  ]).flat();
}
