import { startBenchRedis } from '../bench-redis.ts';
import { drained } from '../drained.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { makeEventJobs } from '../event-jobs.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { startWorkerProcess } from '../worker-process.ts';
import { dataBytes } from './data-bytes.ts';
import type { KeyBytes } from './key-bytes.ts';
import { growth, keyBytes } from './key-bytes.ts';
import { scriptCalls } from './redis-info.ts';

/** What is done with the events whose memory is measured. */
export type Scenario = {
  readonly name: string;
  /** The program that handles them, and its environment; absent where they are to wait. */
  readonly worker?: { readonly program: string; readonly environment: Readonly<Record<string, string>> };
  /** How many of them are to be dead letters in the end: all or none. @defaultValue none */
  readonly dead?: boolean;
};

/** What the events of a scenario come to, all of it per event. */
export type Measurement = {
  readonly name: string;
  /** How much more memory Redis uses, in bytes. */
  readonly bytes: number;
  /** What its keys say that they take of that, by their kind. */
  readonly kinds: ReadonlyMap<string, KeyBytes>;
  /** Scripts that workers have sent. */
  readonly scripts: number;
  readonly machine: Machine;
};

/** Events that go the same way first, so that what grows only to a bound, as BullMQ's stream of events, has reached it. */
const WARM_UP = 1_600;

/**
 * Sends events through a scenario on a Redis of its own, and measures what Redis has more of in the end.
 *
 * @param count how many events are measured
 */
export async function measure(scenario: Scenario, count: number, signal: AbortSignal): Promise<Measurement> {
  await using bench = await startBenchRedis();
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  // A histogram for each command that was ever used, which no event has a part in. Redis before 7 has none.
  await client.config('SET', 'latency-tracking', 'no').catch(() => {});

  /** Sends events through; returns how many scripts their workers sent. Nobody but us is connected before and after. */
  async function pass(events: number): Promise<number> {
    await enqueueAll(bench.redis, makeEventJobs({ count: events }));
    const before = scriptCalls(await client.info('commandstats'));
    if (scenario.worker) {
      const { program, environment } = scenario.worker;
      const names = { QUEUE_NAMES: bench.queue.name, QUEUE_PREFIX: bench.queue.opts.prefix! };
      await using _worker = await startWorkerProcess(program, { ...bench.environment, ...names, ...environment });
      await drained(client, bench.queue, signal);
    }
    return scriptCalls(await client.info('commandstats')) - before;
  }

  async function look(): Promise<{ kinds: Map<string, KeyBytes>; bytes: number }> {
    const kinds = await keyBytes(client);
    return { kinds, bytes: await dataBytes(client, signal) };
  }

  await pass(WARM_UP);
  const before = await look();
  const scripts = await pass(count);
  const after = await look();

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
