import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { makeEventJobs, newResources } from '../harness/events.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import type { ProcessUsage } from '../harness/bench-process.ts';
import { processUsage } from '../harness/bench-process.ts';
import { enqueueAll } from '../harness/queue.ts';
import { dataBytes } from '../harness/redis-info.ts';
import { monotonicMs, startsOf } from '../harness/start-times.ts';
import { startOurWorker, workersReady } from '../harness/workers.ts';

/** The events and organisations of a backlog, and how often it is measured. */
export type Size = { readonly events: number; readonly organisations: number; readonly passes: number };

/** Lists have an entry for each pass. */
export type Backlog = {
  readonly machine: Machine;
  readonly enqueuedPerSecond: readonly number[];
  readonly handledPerSecond: readonly number[];
  readonly firstHandledMs: readonly number[];
  /** Redis's memory for each waiting event. From the first pass: later ones reuse freed memory. */
  readonly bytesEach: number;
  /** Processor time for each event, over all passes. */
  readonly workerMicroseconds: number;
  readonly redisMicroseconds: number;
  /** Of the worker, since its start. */
  readonly peakMegabytes: number;
};

/** Events that go first: a new process is slower. */
const WARM_UP = 12_000;

/** Events are made and enqueued in groups: a million would not fit into memory. */
const GROUP = 10_000;

/** Fills a paused queue, then resumes it for a warm worker. */
export async function measureBacklog(
  { events, organisations, passes }: Size,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Backlog> {
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  await using worker = startOurWorker(bench, 'noteStart');
  await workersReady(client, { count: 1, processes: [worker] }, signal);
  const resourceOf = newResources(organisations);

  /** Enqueues events; returns their resources and how long that took. */
  async function fill(count: number): Promise<{ ids: string[]; ms: number }> {
    const ids: string[] = [];
    let ms = 0;
    while (ids.length < count) {
      const done = ids.length;
      const jobs = makeEventJobs({
        count: Math.min(GROUP, count - done),
        resourceOf: (index) => resourceOf(done + index),
      });
      const began = monotonicMs();
      await enqueueAll(bench.redis, jobs);
      ms += monotonicMs() - began;
      for (const { data } of jobs) ids.push(data.event.resourceId);
    }
    return { ids, ms };
  }

  await startsOf(worker, (await fill(WARM_UP)).ids, signal);
  await bench.queue.pause();
  const before = await dataBytes(client, signal);
  let bytesEach = Number.NaN;
  const [enqueuedPerSecond, handledPerSecond, firstHandledMs]: number[][] = [[], [], []];
  const used = { worker: 0, redis: 0 };
  let own: ProcessUsage = worker.usage();
  for (let pass = 0; pass < passes; pass++) {
    await bench.queue.pause();
    const { ids, ms } = await fill(events);
    enqueuedPerSecond!.push((events * 1000) / ms);
    if (pass === 0) bytesEach = ((await dataBytes(client, signal)) - before) / events;
    const [ownBefore, redisBefore] = [worker.usage().cpuSeconds, processUsage(bench.pid).cpuSeconds];
    const resumed = monotonicMs();
    await bench.queue.resume();
    const starts = await startsOf(worker, ids, signal);
    const [first, last] = ends(starts.values());
    handledPerSecond!.push(((events - 1) * 1000) / (last - first));
    firstHandledMs!.push(first - resumed);
    own = worker.usage();
    used.worker += own.cpuSeconds - ownBefore;
    used.redis += processUsage(bench.pid).cpuSeconds - redisBefore;
  }
  const each = (seconds: number): number => (seconds * 1_000_000) / (events * passes);
  return {
    machine,
    enqueuedPerSecond: enqueuedPerSecond!,
    handledPerSecond: handledPerSecond!,
    firstHandledMs: firstHandledMs!,
    bytesEach,
    workerMicroseconds: each(used.worker),
    redisMicroseconds: each(used.redis),
    peakMegabytes: own.peakMegabytes,
  };
}

/** Not `Math.min(...numbers)`: a million arguments are too many. */
function ends(numbers: Iterable<number>): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const number of numbers) {
    first = Math.min(first, number);
    last = Math.max(last, number);
  }
  return [first, last];
}
