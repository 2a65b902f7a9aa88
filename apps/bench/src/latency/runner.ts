import { setTimeout as wait } from 'node:timers/promises';
import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { processUsage } from '../harness/bench-process.ts';
import { startReceiver } from '../harness/receiver.ts';
import { monotonicMs, startsOf } from '../harness/start-times.ts';
import { workersReady } from '../harness/workers.ts';
import { connectionsTo } from './connections.ts';
import type { Contestant } from './contestants.ts';
import type { SignedRequest } from './signed-requests.ts';
import { signedRequests } from './signed-requests.ts';

/** The result of one round of sustained load. */
export type Sustained = {
  readonly perSecond: number;
  readonly events: number;
  /** Seconds of processor time. */
  readonly cpu: { readonly receiver: number; readonly worker: number; readonly redis: number; readonly sender: number };
  /** Megabytes, since the start of the process. */
  readonly peak: { readonly receiver: number; readonly worker: number };
};

/** A running contestant with its own Redis. Latencies are in milliseconds, one for each event. */
export type Runner = AsyncDisposable & {
  readonly contestant: Contestant;
  readonly machine: Machine;
  /** Sends one request at a time, with pauses. */
  idle(requests: number): Promise<number[]>;
  /** Sends as many requests as the contestant handles. */
  sustained(seconds: number): Promise<Sustained>;
  /** Sends at a fixed average rate, at random times. */
  atRate(perSecond: number, seconds: number): Promise<number[]>;
};

/** Open requests under sustained load. */
const CONNECTIONS = 50;

/** The sender pauses while more jobs wait, so that the result includes the worker's side. */
const MAX_WAITING = 500;

/** More events per second than any contestant handles. */
const MAX_PER_SECOND = 8_000;

/** A new process is slower at first. */
const WARM_UP_S = 2;

export async function startRunner(contestant: Contestant, fsync: Fsync, signal: AbortSignal): Promise<Runner> {
  await using building = new AsyncDisposableStack();
  const bench = building.use(await startBenchRedis({ fsync, rewrites: false }));
  const { client } = bench.redis;
  const machine = await describeMachine(client);
  const worker = building.use(contestant.startWorker(bench));
  const receiver = building.use(await startReceiver(contestant.receiver, bench.environment, signal));
  await workersReady(client, { count: 1, processes: [worker] }, signal);
  const connections = building.use(connectionsTo(receiver.port));
  const sentAt = new Map<string, number>();

  async function send(event: SignedRequest): Promise<void> {
    sentAt.set(event.resourceId, monotonicMs());
    await connections.send(event);
  }

  /** Waits until every event sent since the last call was handled, once. */
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
    for (const event of signedRequests(requests)) {
      await send(event);
      // Random, so as not to run in step with timers.
      await wait(10 + Math.random() * 10, undefined, { signal });
    }
    return (await collect()).latencies;
  }

  async function sustained(seconds: number): Promise<Sustained> {
    const events = signedRequests(Math.ceil(MAX_PER_SECOND * seconds)).values();
    const queueKey = contestant.queueKey(bench);
    const usage = () => ({
      receiver: receiver.process.usage(),
      worker: worker.usage(),
      redis: processUsage(bench.pid),
      sender: process.cpuUsage(),
    });
    const before = usage();
    const end = monotonicMs() + seconds * 1000;
    let waiting = 0;
    async function watch(): Promise<void> {
      while (monotonicMs() < end) {
        const [usual, crowded] = await Promise.all([
          client.llen(`${queueKey}wait`),
          client.zcard(`${queueKey}prioritized`),
        ]);
        waiting = usual + crowded;
        await wait(10, undefined, { signal });
      }
    }
    async function sendOn(): Promise<void> {
      while (monotonicMs() < end) {
        if (waiting > MAX_WAITING) await wait(2, undefined, { signal });
        else {
          const { value } = events.next();
          if (!value) throw new Error('too few requests: the contestant is faster than MAX_PER_SECOND');
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
    const events = signedRequests(Math.floor(perSecond * seconds));
    const answers: Promise<void>[] = [];
    let due = monotonicMs();
    for (const event of events) {
      // Exponential intervals, as requests from many independent senders arrive.
      due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
      const early = due - monotonicMs();
      if (early > 0.5) await wait(early, undefined, { signal });
      const answer = send(event);
      // All are awaited below. This only prevents an unhandled rejection until then.
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
