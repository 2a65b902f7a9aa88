import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RedisClient } from '@xero-webhooks/runtime';
import { startBenchProcess } from '../bench-process.ts';
import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { makeEventJobs } from '../event-jobs.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { infoNumber } from '../memory/redis-info.ts';
import { monotonicMs } from '../monotonic.ts';
import type { ProcessUsage } from '../process-usage.ts';
import { processUsage } from '../process-usage.ts';
import { startsOf } from '../starts-of.ts';
import { workersWait } from '../waiting-workers.ts';
import { handlerModule, OUR_WORKER } from '../worker-process.ts';

/** How many events wait, of how many organisations, and how often that is measured. */
export type Size = { readonly events: number; readonly organisations: number; readonly passes: number };

/** What a backlog came to. */
export type Backlog = {
  readonly machine: Machine;
  /** Of each pass. */
  readonly enqueuedPerSecond: readonly number[];
  readonly handledPerSecond: readonly number[];
  readonly firstHandledMs: readonly number[];
  /** What Redis has more of while an event waits; of the first pass, because later ones find room that was left. */
  readonly bytesEach: number;
  /** Of all passes, for each event. */
  readonly workerMicroseconds: number;
  readonly redisMicroseconds: number;
  /** Of the worker, from its start on. */
  readonly peakMegabytes: number;
};

export const CONCURRENCY = 50;

/** A process that has just started is slower than it will be. */
const WARM_UP = 12_000;

/** So many events are made before they are put into the queue: a million at once would not fit. */
const GROUP = 10_000;

/** Redis lets its buffers for a client shrink only when that has been idle for two seconds. */
const REST_MS = 3_000;

/** Lets events wait in a paused queue, then lets a worker that is warm have them. */
export async function measureBacklog(
  { events, organisations, passes }: Size,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Backlog> {
  // When Redis writes its file anew depends on its length, and would fall into some backlogs only.
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  await using worker = startBenchProcess(OUR_WORKER, {
    ...bench.environment,
    WORKER_ADMIN_PORT: '0',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    HANDLERS: handlerModule('note-start'),
  });
  await workersWait(client, { count: 1, processes: [worker] }, signal);
  const tenants = Array.from({ length: organisations }, () => randomUUID());

  /** Puts events into the queue; returns their resources and how long that took. */
  async function fill(count: number): Promise<{ ids: string[]; ms: number }> {
    const ids: string[] = [];
    let ms = 0;
    while (ids.length < count) {
      const resourceOf = (index: number) => ({
        resourceId: randomUUID(),
        tenantId: tenants[(ids.length + index) % organisations]!,
      });
      const jobs = makeEventJobs({ count: Math.min(GROUP, count - ids.length), resourceOf });
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

/** The least and the most; a list of a million does not fit into a call. */
function ends(numbers: Iterable<number>): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const number of numbers) {
    first = Math.min(first, number);
    last = Math.max(last, number);
  }
  return [first, last];
}

/** What Redis uses, but for its buffers, once clients have been idle. */
async function dataBytes(client: RedisClient, signal: AbortSignal): Promise<number> {
  await wait(REST_MS, undefined, { signal });
  const info = await client.info('memory');
  const buffers = (infoNumber(info, 'mem_clients_normal') ?? 0) + (infoNumber(info, 'mem_aof_buffer') ?? 0);
  return infoNumber(info, 'used_memory')! - buffers;
}
