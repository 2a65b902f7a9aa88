import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RedisClient } from '@xero-webhooks/runtime';
import { processUsage } from '../harness/bench-process.ts';
import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { startReceiver } from '../harness/receiver.ts';
import type { Load, SendLoad } from '../load/load.ts';
import type { RequestFile } from '../load/requests.ts';
import type { SentEvents } from './compare-stored.ts';
import { compareStored } from './compare-stored.ts';
import type { Contestant } from './contestants.ts';

/** The result of one run. */
export type Run = Load & {
  readonly eventsPerSecond: number;
  /** Processor time of the contestant for each event. */
  readonly cpuMicroseconds: number;
  /** Processor time of Redis for each event. */
  readonly redisCpuMicroseconds: number;
  readonly peakMegabytes: number;
};

export type RunOptions = {
  readonly send: SendLoad;
  readonly requests: RequestFile;
  readonly connections: number;
  readonly seconds: number;
  readonly fsync: Fsync;
};

/** A new process is slower at first. */
const WARM_UP_S = 1;

/** The part of the requests that the warm-up may use. */
const WARM_UP_PART = 0.3;

/**
 * Sends load to one contestant, on a Redis of its own, and then compares the queue with what was sent.
 *
 * @throws Error if a request was refused, or an event is missing, is stored twice, or was never sent
 */
export async function runContestant(contestant: Contestant, options: RunOptions, signal: AbortSignal): Promise<Run> {
  const { send, requests, connections, seconds, fsync } = options;
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  await using receiver = await startReceiver(
    contestant.program,
    { ...bench.environment, ...contestant.environment },
    signal,
  );

  const warmUp = Math.floor(requests.requests * WARM_UP_PART);
  const common = { url: receiver.url, connections, again: !contestant.queues };
  const before = await send(requests, { ...common, seconds: WARM_UP_S, from: 0, count: warmUp }, signal);
  const used = { own: receiver.process.usage().cpuSeconds, redis: processUsage(bench.pid).cpuSeconds };
  const rest = { from: warmUp, count: requests.requests - warmUp };
  const load = await send(requests, { ...common, ...rest, seconds }, signal);
  const own = receiver.process.usage();
  const redis = processUsage(bench.pid).cpuSeconds;

  for (const { refused, broken } of [before, load]) {
    if (refused + broken > 0) throw new Error(`${contestant.name}: ${refused} requests refused, ${broken} broken`);
  }
  if (contestant.queues) {
    const phases = [sentEvents(requests, 0, before), sentEvents(requests, warmUp, load)];
    const sent = {
      answered: phases.flatMap(({ answered }) => answered),
      unanswered: phases.flatMap(({ unanswered }) => unanswered),
    };
    const fault = compareStored(sent, await storedResources(bench.redis.client));
    if (fault !== undefined) throw new Error(`${contestant.name}: invalid result: ${fault}`);
  }
  const events = load.requests * requests.eventsEach;
  return {
    ...load,
    eventsPerSecond: load.perSecond * requests.eventsEach,
    cpuMicroseconds: ((own.cpuSeconds - used.own) / events) * 1_000_000,
    redisCpuMicroseconds: ((redis - used.redis) / events) * 1_000_000,
    peakMegabytes: own.peakMegabytes,
  };
}

/** The events of a phase, whose first request is at `from` in the file. */
function sentEvents({ resourceIds, eventsEach }: RequestFile, from: number, { sent, unanswered }: Load): SentEvents {
  const all = resourceIds.slice(from * eventsEach, (from + sent) * eventsEach);
  const open = new Set(unanswered);
  const isOpen = (_: string, place: number): boolean => open.has(Math.floor(place / eventsEach));
  return {
    answered: all.filter((id, place) => !isOpen(id, place)),
    unanswered: all.filter(isOpen),
  };
}

/** How many jobs are read at once. */
const PAGE = 2_000;

/** The resources of all waiting jobs in all queues. No worker runs. */
async function storedResources(client: RedisClient): Promise<string[]> {
  const found: string[] = [];
  for (const key of [...(await client.keys('*:wait')), ...(await client.keys('*:prioritized'))]) {
    const [, prefix, set] = /^(.*:)(wait|prioritized)$/.exec(key)!;
    for (let from = 0; ; from += PAGE) {
      // From the oldest on: jobs that are still being added are put at the other end and shift nothing.
      const ids =
        set === 'wait'
          ? await client.lrange(key, -from - PAGE, -from - 1)
          : await client.zrange(key, String(from), String(from + PAGE - 1));
      if (ids.length === 0) break;
      const reading = client.pipeline();
      for (const id of ids) reading.hget(`${prefix}${id}`, 'data');
      for (const [, data] of (await reading.exec()) ?? []) {
        found.push(...[...String(data).matchAll(/"resourceId":"([^"]+)"/g)].map(([, id]) => id!));
      }
    }
  }
  return found;
}

const ADD_BULK = new URL('../contestants/raw-add-bulk.ts', import.meta.url).pathname;

/** The upper bound of the queue: the events per second of a process that does nothing but `addBulk`. */
export async function addBulkRate(
  { seconds, fsync }: { seconds: number; fsync: Fsync },
  signal: AbortSignal,
): Promise<number> {
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  const env = { PATH: process.env['PATH'], ...bench.environment, SECONDS: String(seconds) };
  const { stdout } = await promisify(execFile)(process.execPath, [ADD_BULK], { env, signal });
  return (JSON.parse(stdout) as { perSecond: number }).perSecond;
}
