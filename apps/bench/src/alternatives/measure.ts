import { setTimeout as wait } from 'node:timers/promises';
import type { Fsync } from '../harness/bench-redis.ts';
import { startReceiver } from '../harness/receiver.ts';
import { monotonicMs, startsOf } from '../harness/start-times.ts';
import { percentile } from '../harness/statistics.ts';
import { connectionsTo } from '../latency/connections.ts';
import { signedRequests } from '../latency/signed-requests.ts';
import type { Contestant } from './contestants.ts';

/** What a contestant did in a round. */
export type Measured = {
  /** Events that it answered in a second, while no worker ran. */
  readonly received: number;
  /** Events that its worker started on in a second, while none arrived. */
  readonly handled: number;
  /** From a request to the start of the handler, one request at a time, in milliseconds: median, and 99 of 100. */
  readonly idleMs: number;
  readonly idleP99Ms: number;
};

/** Open requests while it receives. */
const CONNECTIONS = 50;
const RECEIVE_S = 3;
const WARM_UP_S = 1;

/** More than any contestant receives in a second. */
const MAX_PER_SECOND = 12_000;

const IDLE_REQUESTS = 200;

/**
 * Measures a contestant on a store of its own: first it receives without a worker, then its worker handles what was
 * received, then single events go from one end to the other.
 *
 * @returns `undefined` if what it needs is not installed
 * @throws Error if an event was refused, lost, or handled twice
 */
export async function measure(
  contestant: Contestant,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  await using store = await contestant.openStore(fsync);
  if (store === undefined) return undefined;
  await using receiver = await startReceiver(contestant.receiver, store.environment, signal);
  using connections = connectionsTo(receiver.port);
  const requests = signedRequests(MAX_PER_SECOND * (WARM_UP_S + RECEIVE_S)).values();
  const sent: string[] = [];

  async function receive(seconds: number): Promise<number> {
    const before = sent.length;
    const end = monotonicMs() + seconds * 1_000;
    const sendOn = async (): Promise<void> => {
      while (monotonicMs() < end) {
        const { value } = requests.next();
        if (!value) throw new Error('too few requests: the contestant is faster than MAX_PER_SECOND');
        await connections.send(value);
        sent.push(value.resourceId);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, sendOn));
    return (sent.length - before) / seconds;
  }

  await receive(WARM_UP_S);
  const received = await receive(RECEIVE_S);
  await using worker = store.startWorker();
  const starts = (await startsOf(worker, sent, signal)).values().toArray();
  const times = starts.toSorted((a, b) => a - b);
  // The first of them find a new process, which is slower.
  const [from, to] = [Math.floor(times.length / 4), times.length - 1];
  const handled = ((to - from) * 1_000) / (times[to]! - times[from]!);

  const sentAt = new Map<string, number>();
  for (const event of signedRequests(IDLE_REQUESTS)) {
    sentAt.set(event.resourceId, monotonicMs());
    await connections.send(event);
    // Random, so as not to run in step with timers.
    await wait(10 + Math.random() * 10, undefined, { signal });
  }
  const idleStarts = await startsOf(worker, sentAt.keys(), signal);
  const latencies = [...sentAt].map(([resourceId, at]) => idleStarts.get(resourceId)! - at);
  return { received, handled, idleMs: percentile(latencies, 50), idleP99Ms: percentile(latencies, 99) };
}
