import type { RedisClient } from '@xero-webhooks/runtime';
import type { BenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { makeEventJobs } from '../harness/events.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import { dataBytes, scriptCalls } from '../harness/redis-info.ts';
import { workersReady } from '../harness/workers.ts';
import type { KeyBytes } from './key-bytes.ts';
import { growth, keyBytes } from './key-bytes.ts';

/** What happens to the measured events. */
export type Scenario = {
  readonly name: string;
  /** Absent where the events stay in the queue. */
  readonly startWorker?: (bench: BenchRedis) => BenchProcess;
  /** Whether all events become dead letters. @defaultValue none do */
  readonly dead?: boolean;
};

/** All values are per event. */
export type Measurement = {
  readonly name: string;
  /** Growth of Redis's memory. */
  readonly bytes: number;
  /** The part of it that `MEMORY USAGE` reports, by kind of key. */
  readonly kinds: ReadonlyMap<string, KeyBytes>;
  /** Scripts that the workers sent. */
  readonly scripts: number;
  readonly machine: Machine;
};

/** Events that go first, so that bounded structures, such as BullMQ's stream of events, are at their full size. */
const WARM_UP = 1_600;

/** Readings that differ by less count as equal. */
const NOISE_BYTES = 2_048;

/**
 * Sends events through a scenario, on a Redis of its own, and measures what they leave in Redis.
 *
 * @param count number of measured events
 * @throws Error if Redis's memory does not settle, or the wrong number of events become dead letters
 */
export async function measure(scenario: Scenario, count: number, signal: AbortSignal): Promise<Measurement> {
  await using bench = await startBenchRedis();
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  // Latency tracking keeps a histogram for each command ever used, which is no event's. Redis before 7 has none.
  await client.config('SET', 'latency-tracking', 'no').catch(() => {});

  /** Sends events through and returns how many scripts their worker sent. Before and after, only we are connected. */
  async function pass(events: number): Promise<number> {
    await enqueueAll(bench.redis, makeEventJobs({ count: events }));
    const before = scriptCalls(await client.info('commandstats'));
    if (scenario.startWorker) {
      await using worker = scenario.startWorker(bench);
      await workersReady(client, { count: 1, processes: [worker] }, signal);
      await drained(client, bench.queue, signal);
    }
    return scriptCalls(await client.info('commandstats')) - before;
  }

  async function read(): Promise<{ kinds: Map<string, KeyBytes>; bytes: number }> {
    const kinds = await keyBytes(client);
    return { kinds, bytes: await settledBytes(client, signal) };
  }

  await pass(WARM_UP);
  const before = await read();
  const scripts = await pass(count);
  const after = await read();

  const dead = await client.zcard(bench.queue.toKey('failed'));
  if (dead !== (scenario.dead ? WARM_UP + count : 0)) throw new Error(`${scenario.name}: ${dead} dead letters`);
  const perEvent = (kinds: Map<string, KeyBytes>): Map<string, KeyBytes> =>
    new Map([...kinds].map(([kind, { keys, bytes }]) => [kind, { keys: keys / count, bytes: bytes / count }]));
  return {
    name: scenario.name,
    bytes: (after.bytes - before.bytes) / count,
    kinds: perEvent(growth(before.kinds, after.kinds)),
    scripts: scripts / count,
    machine,
  };
}

async function settledBytes(client: RedisClient, signal: AbortSignal): Promise<number> {
  let last = Number.NaN;
  for (let reading = 0; reading < 10; reading++) {
    const now = await dataBytes(client, signal);
    if (Math.abs(now - last) < NOISE_BYTES) return now;
    last = now;
  }
  throw new Error("Redis's memory does not settle");
}
