import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import { processUsage } from '../process-usage.ts';
import type { SentEvents } from './compare-stored.ts';
import { compareStored } from './compare-stored.ts';
import type { Contestant } from './contestants.ts';
import { startContestant } from './contestants.ts';
import type { Load, SendLoad } from './load.ts';
import type { RequestFile } from './requests.ts';
import { resourceIdsIn } from './requests.ts';

/** What a contestant did in one run. */
export type Run = Load & {
  readonly eventsPerSecond: number;
  /** Of the contestant, for each accepted event, in microseconds of processor time; of Redis likewise. */
  readonly cpuMicroseconds: number;
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

/** A process that has just started is slower than it will be, in seconds. */
const WARM_UP_S = 1;

/** The part of the requests that the warm-up may use. */
const WARM_UP_PART = 0.3;

/**
 * Sends load to one contestant, on a Redis of its own, and counts afterwards what has become of it.
 *
 * @throws Error where an accepted event is not in the queue, is there twice, or one is there that was not sent: then it
 *   is no result
 */
export async function runContestant(contestant: Contestant, options: RunOptions, signal: AbortSignal): Promise<Run> {
  const { send, requests, connections, seconds, fsync } = options;
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

  for (const { refused, broken } of [before, load]) {
    if (refused + broken > 0) throw new Error(`${contestant.name}: ${refused} requests refused, ${broken} broken`);
  }
  if (contestant.queues) {
    const phases = [sentEvents(requests, 0, before), sentEvents(requests, warmUp, load)];
    const sent = {
      answered: phases.flatMap(({ answered }) => answered),
      unanswered: phases.flatMap(({ unanswered }) => unanswered),
    };
    const fault = compareStored(sent, await storedResources(client));
    if (fault !== undefined) throw new Error(`${contestant.name}: ${fault}: that is no result`);
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

/** The events that a phase sent, the first of them those of one request of the file. */
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

/** The resources of all waiting jobs, of whatever queue: nobody works on them. */
async function storedResources(client: Client): Promise<string[]> {
  const found: string[] = [];
  for (const list of await client.keys('*:wait')) {
    const prefix = list.slice(0, -'wait'.length);
    for (let from = 0; ; from += PAGE) {
      // From the oldest on: what is still being added comes before the newest, and moves no other.
      const ids = await client.lrange(list, -from - PAGE, -from - 1);
      if (ids.length === 0) break;
      const reading = client.pipeline();
      for (const id of ids) reading.hget(`${prefix}${id}`, 'data');
      for (const [, data] of (await reading.exec()) ?? []) found.push(...resourceIdsIn(String(data)));
    }
  }
  return found;
}
