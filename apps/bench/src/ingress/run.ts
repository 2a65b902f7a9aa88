import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import { processUsage } from '../process-usage.ts';
import type { Contestant } from './contestants.ts';
import { startContestant } from './contestants.ts';
import type { Load, SendLoad } from './load.ts';
import type { RequestFile } from './requests.ts';

/** What a contestant did in one run. */
export type Run = Load & {
  readonly eventsPerSecond: number;
  /** Of the contestant, for each accepted event, in microseconds of processor time; of Redis likewise. */
  readonly cpuMicroseconds: number;
  readonly redisCpuMicroseconds: number;
  readonly peakMegabytes: number;
};

export type RunWords = {
  readonly send: SendLoad;
  readonly requests: RequestFile;
  readonly connections: number;
  readonly seconds: number;
  readonly fsync: Fsync;
};

/** A process that has just started is slower than it will be, in seconds. */
const WARM_UP_S = 1;

/** The part of the requests that the warm-up may use. */
const WARM_UP_PART = 0.3;

/**
 * Sends load to one contestant, on a Redis of its own, and counts afterwards what has become of it.
 *
 * @throws Error where an accepted event is not in the queue, or one is there that was not sent: then it is no result
 */
export async function runContestant(contestant: Contestant, words: RunWords, signal: AbortSignal): Promise<Run> {
  const { send, requests, connections, seconds, fsync } = words;
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  const { client } = bench.redis;
  await using running = await startContestant(contestant, bench.environment);

  const warmUp = Math.floor(requests.requests * WARM_UP_PART);
  const common = { url: running.url, connections, again: !contestant.queues };
  const before = await send(requests, { ...common, seconds: WARM_UP_S, from: 0, count: warmUp }, signal);
  const used = { own: running.usage().cpuSeconds, redis: processUsage(bench.pid).cpuSeconds };
  const rest = { from: warmUp, count: requests.requests - warmUp };
  const load = await send(requests, { ...common, ...rest, seconds }, signal);
  const own = running.usage();
  const redis = processUsage(bench.pid).cpuSeconds;

  if (contestant.queues) {
    const answered = (before.requests + load.requests) * requests.eventsEach;
    // What was on its way when the load ended may have been stored as well.
    const open = 2 * connections * requests.eventsEach;
    const stored = await storedEvents(client);
    if (stored < answered || stored > answered + open) {
      throw new Error(`${contestant.name} answered for ${answered} events and stored ${stored}: that is no result`);
    }
  }
  if (load.refused + load.broken > 0) {
    throw new Error(`${contestant.name}: ${load.refused} requests were refused, ${load.broken} broken`);
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

type Client = Awaited<ReturnType<typeof startBenchRedis>>['redis']['client'];

/** All waiting jobs, of whatever queue: nobody works on them. */
async function storedEvents(client: Client): Promise<number> {
  const lists = await client.keys('*:wait');
  const lengths = await Promise.all(lists.map((list) => client.llen(list)));
  return lengths.reduce((sum, length) => sum + length, 0);
}
