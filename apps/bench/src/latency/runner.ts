import { setTimeout as wait } from 'node:timers/promises';
import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { monotonicMs } from '../monotonic.ts';
import type { ProcessUsage } from '../process-usage.ts';
import { processUsage } from '../process-usage.ts';
import { startsOf } from '../starts-of.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './connection.ts';
import type { Contestant } from './contestants.ts';
import { startBothSides } from './contestants.ts';
import type { SignedEvent } from './signed-events.ts';
import { signedEvents } from './signed-events.ts';

/** What the sustained load of one round came to. */
export type Sustained = {
  readonly perSecond: number;
  readonly events: number;
  /** Of each process and of Redis, in seconds. */
  readonly cpu: { readonly receiver: number; readonly worker: number; readonly redis: number; readonly sender: number };
  /** Of each process from its start on, in megabytes. */
  readonly peak: { readonly receiver: number; readonly worker: number };
};

/** A contestant with both sides at work and a Redis of its own. Latencies are in milliseconds, one for each event. */
export type Runner = AsyncDisposable & {
  readonly contestant: Contestant;
  readonly machine: Machine;
  /** Sends one request at a time, with a pause after each. */
  idle(requests: number): Promise<number[]>;
  /** Sends as many as are handled. */
  sustained(seconds: number): Promise<Sustained>;
  /** Sends at a rate, whatever becomes of it. */
  atRate(perSecond: number, seconds: number): Promise<number[]>;
};

/** How many requests are open at once under sustained load. */
const CONNECTIONS = 50;

/** The sender holds back while more wait, so that the worker's side counts as much as the receiver's. */
const MOST_WAITING = 500;

/** More than any contestant here handles in a second. */
const MOST_PER_SECOND = 8_000;

/** A process that has just started is slower than it will be, in seconds. */
const WARM_UP_S = 2;

/** Starts a contestant, and sends it some load that does not count. */
export async function startRunner(contestant: Contestant, fsync: Fsync, signal: AbortSignal): Promise<Runner> {
  await using building = new AsyncDisposableStack();
  // Redis would write its file anew in the middle of some rounds, and not of others.
  const bench = building.use(await startBenchRedis({ fsync, rewrites: false }));
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  const { port, receiver, worker } = await startBothSides(building, bench, contestant, signal);
  const open: Connection[] = [];
  building.defer(() => open.forEach((connection) => connection.close()));
  const sentAt = new Map<string, number>();

  async function send({ resourceId, request }: SignedEvent): Promise<void> {
    let connection = open.pop();
    while (connection?.usable === false) connection = open.pop();
    connection ??= await openConnection(port);
    sentAt.set(resourceId, monotonicMs());
    await connection.send(request);
    open.push(connection);
  }

  /** Every event that was sent since the last time has to have been handled once. */
  async function collect(): Promise<{ latencies: number[]; spanMs: number }> {
    const starts = await startsOf(worker, sentAt.keys(), signal);
    const times = [...sentAt];
    sentAt.clear();
    const latencies = times.map(([resourceId, at]) => starts.get(resourceId)! - at);
    const first = times.reduce((least, [, at]) => Math.min(least, at), Infinity);
    const last = starts.values().reduce((most, at) => Math.max(most, at), 0);
    return { latencies, spanMs: last - first };
  }

  async function idle(requests: number): Promise<number[]> {
    for (const event of signedEvents(requests)) {
      await send(event);
      // Not in step with anybody's timers.
      await wait(10 + Math.random() * 10, undefined, { signal });
    }
    return (await collect()).latencies;
  }

  async function sustained(seconds: number): Promise<Sustained> {
    const events = signedEvents(Math.ceil(MOST_PER_SECOND * seconds)).values();
    const waitKey = contestant.waitKey(bench);
    const usage = (): {
      receiver: ProcessUsage;
      worker: ProcessUsage;
      redis: ProcessUsage;
      sender: NodeJS.CpuUsage;
    } => ({
      receiver: receiver.usage(),
      worker: worker.usage(),
      redis: processUsage(bench.pid),
      sender: process.cpuUsage(),
    });
    const before = usage();
    const end = monotonicMs() + seconds * 1000;
    let waiting = 0;
    async function watch(): Promise<void> {
      while (monotonicMs() < end) {
        waiting = await client.llen(waitKey);
        await wait(10, undefined, { signal });
      }
    }
    async function sendOn(): Promise<void> {
      while (monotonicMs() < end) {
        if (waiting > MOST_WAITING) await wait(2, undefined, { signal });
        else {
          const { value } = events.next();
          if (!value) throw new Error('there were too few requests: the contestant is faster than was thought');
          await send(value);
        }
      }
    }
    await Promise.all([watch(), ...Array.from({ length: CONNECTIONS }, sendOn)]);
    const { latencies, spanMs } = await collect();
    const after = usage();
    const used = (one: 'receiver' | 'worker' | 'redis'): number => after[one].cpuSeconds - before[one].cpuSeconds;
    const sender = process.cpuUsage(before.sender);
    return {
      perSecond: (latencies.length * 1000) / spanMs,
      events: latencies.length,
      cpu: {
        receiver: used('receiver'),
        worker: used('worker'),
        redis: used('redis'),
        sender: (sender.user + sender.system) / 1_000_000,
      },
      peak: { receiver: after.receiver.peakMegabytes, worker: after.worker.peakMegabytes },
    };
  }

  async function atRate(perSecond: number, seconds: number): Promise<number[]> {
    const events = signedEvents(Math.floor(perSecond * seconds));
    const answers: Promise<void>[] = [];
    let due = monotonicMs();
    for (const event of events) {
      // As requests of many senders come: at random, so many a second on average.
      due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
      const early = due - monotonicMs();
      if (early > 0.5) await wait(early, undefined, { signal });
      const answer = send(event);
      // All are awaited in the end; one that fails before that is no unhandled rejection.
      answer.catch(() => {});
      answers.push(answer);
    }
    await Promise.all(answers);
    return (await collect()).latencies;
  }

  await sustained(WARM_UP_S);
  const built = building.move();
  return { contestant, machine, idle, sustained, atRate, [Symbol.asyncDispose]: () => built.disposeAsync() };
}
