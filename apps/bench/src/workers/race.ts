import type { BenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis, Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { makeEventJobs, newResources } from '../harness/events.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { processUsage } from '../harness/bench-process.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import { workersReady } from '../harness/workers.ts';
import type { Contestant } from './contestants.ts';
import { handledJobs } from './handled-jobs.ts';

/** The workers of a contestant, and the events of a round. */
export type Setting = {
  readonly concurrency: number;
  readonly processes: number;
  readonly shards: number;
  readonly events: number;
};

/** The result of a contestant in a round. */
export type Round = {
  readonly perSecond: number;
  /** Of each process, in the round. */
  readonly cpuSeconds: readonly number[];
  /** Of Redis, in the round. */
  readonly redisCpuSeconds: number;
  /** Of each process, since its start. */
  readonly peakMegabytes: readonly number[];
};

/** A contestant with its own Redis and processes, which wait for a round to start. */
export type Runner = AsyncDisposable & {
  readonly machine: Machine;
  /** @throws Error if an event was lost or handled twice */
  run(): Promise<Round>;
};

/** Enough to spread events evenly over shards. */
const ORGANISATIONS = 400;

/** A new process is slower: this part of a round goes first and does not count. */
const WARM_UP = 0.25;

export async function startRunner(
  contestant: Contestant,
  setting: Setting,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Runner> {
  await using building = new AsyncDisposableStack();
  const bench = building.use(await startBenchRedis({ fsync, shards: setting.shards, rewrites: false }));
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  const processes = Array.from({ length: setting.processes }, () =>
    building.use(contestant.start(bench, setting.concurrency)),
  );
  await workersReady(client, { count: setting.processes * setting.shards, processes }, signal);
  await workOff(bench, processes, Math.ceil(setting.events * WARM_UP), signal);
  const built = building.move();
  return {
    machine,
    run: () => workOff(bench, processes, setting.events, signal),
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  };
}

/** Fills paused queues, then resumes them. Times are the jobs' own. */
async function workOff(
  bench: BenchRedis,
  processes: readonly BenchProcess[],
  events: number,
  signal: AbortSignal,
): Promise<Round> {
  const { client } = bench.redis;
  await Promise.all(bench.queues.map((queue) => queue.pause()));
  const jobs = makeEventJobs({ count: events, resourceOf: newResources(ORGANISATIONS) });
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
