import { randomUUID } from 'node:crypto';
import type { BenchProcess } from '../bench-process.ts';
import type { BenchRedis, Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import { drained } from '../drained.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { makeEventJobs } from '../event-jobs.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { processUsage } from '../process-usage.ts';
import { workersWait } from '../waiting-workers.ts';
import type { Contestant } from './contestants.ts';
import { handledJobs } from './handled-jobs.ts';

/** How workers are set up, and how many events they work off in a round. */
export type Setting = {
  readonly concurrency: number;
  readonly processes: number;
  readonly shards: number;
  readonly events: number;
};

/** What a contestant did in a round. */
export type Round = {
  readonly perSecond: number;
  /** Of each of its processes, in the round. */
  readonly cpuSeconds: readonly number[];
  /** Of Redis, in the round. */
  readonly redisCpuSeconds: number;
  /** Of each of its processes, from its start on. */
  readonly peakMegabytes: readonly number[];
};

/** A contestant with a Redis and processes of its own, which wait for a round to begin. */
export type Runner = AsyncDisposable & {
  readonly machine: Machine;
  /** @throws Error where an event was lost or handled twice: then it is no result */
  run(): Promise<Round>;
};

/** Many organisations, so that shards have as many events each. */
const TENANTS = Array.from({ length: 400 }, () => randomUUID());

/** A process that has just started is slower than it will be: so many parts of a round go first. */
const WARM_UP = 0.25;

/** Starts a contestant, and has it handle some events that do not count. */
export async function startRunner(
  contestant: Contestant,
  setting: Setting,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Runner> {
  await using building = new AsyncDisposableStack();
  // Redis would write its file anew in the middle of some rounds, and not of others.
  const bench = building.use(await startBenchRedis({ fsync, shards: setting.shards, rewrites: false }));
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  const processes = Array.from({ length: setting.processes }, () =>
    building.use(contestant.start(bench, setting.concurrency)),
  );
  await workersWait(client, { count: setting.processes * setting.shards, processes }, signal);
  await workOff(bench, processes, Math.ceil(setting.events * WARM_UP), signal);
  const built = building.move();
  return {
    machine,
    run: () => workOff(bench, processes, setting.events, signal),
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  };
}

/** Lets events wait in paused queues, then lets the workers have them. Times are the jobs' own. */
async function workOff(
  bench: BenchRedis,
  processes: readonly BenchProcess[],
  events: number,
  signal: AbortSignal,
): Promise<Round> {
  const { client } = bench.redis;
  await Promise.all(bench.queues.map((queue) => queue.pause()));
  const resourceOf = (index: number) => ({
    resourceId: randomUUID(),
    tenantId: TENANTS[index % TENANTS.length]!,
  });
  const jobs = makeEventJobs({ count: events, resourceOf });
  await enqueueAll(bench.redis, jobs);

  const before = { own: processes.map((one) => one.usage().cpuSeconds), redis: processUsage(bench.pid).cpuSeconds };
  await Promise.all(bench.queues.map((queue) => queue.resume()));
  for (const queue of bench.queues) await drained(client, queue, signal);
  const after = processes.map((one) => one.usage());
  const redisAfter = processUsage(bench.pid).cpuSeconds;

  const { began, ended } = await handledJobs(bench, jobs);
  return {
    perSecond: (events * 1000) / (ended - began),
    cpuSeconds: after.map(({ cpuSeconds }, index) => cpuSeconds - before.own[index]!),
    redisCpuSeconds: redisAfter - before.redis,
    peakMegabytes: after.map(({ peakMegabytes }) => peakMegabytes),
  };
}
