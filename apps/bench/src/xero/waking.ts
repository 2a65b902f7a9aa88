import { setTimeout as wait } from 'node:timers/promises';
import { APP_MINUTE_LIMIT, createBudget } from '@xero-webhooks/xero';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { enqueueAll } from '../harness/queue.ts';
import { until } from '../harness/until.ts';
import type { FakeBooks } from './fake-books.ts';
import { startFakeBooks } from './fake-books.ts';
import { startReaders } from './readers.ts';

/** How long each event of other organisations took, from being enqueued to being handled. */
export type Waking = { readonly aloneMs: readonly number[]; readonly besideMs: readonly number[] };

/** How long Xero refuses calls for the busy organisation: enough to park all of its events. */
const BLOCK_MS = 12_000;

/** Interval between events of other organisations, each of its own organisation. */
const EVERY_MS = 150;

const LIMITS = { atOnce: 5, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: APP_MINUTE_LIMIT };

/** Sends events of other organisations one by one while the parked events of a busy one resume. */
export async function wakeBeside(
  { parked, others, workers }: { parked: number; others: number; workers: number },
  signal: AbortSignal,
): Promise<Waking> {
  await using bench = await startBenchRedis();
  await using books = await startFakeBooks(1 + others);
  await using processes = new AsyncDisposableStack();
  await startReaders(processes, { bench, books, count: workers }, signal);
  const [busy, ...tenantIds] = books.tenantIds as [string, ...string[]];
  const one = { bench, books, tenantIds };

  const aloneMs = await timesOf(one, signal);
  await refuseCalls(bench, busy);
  const unblocked = performance.now() + BLOCK_MS;
  await enqueueAll(bench.redis, books.invoiceJobs(parked, [busy]));
  await until(async () => (await bench.queue.getDelayedCount()) === parked, 'all events to be parked', { signal });
  if (performance.now() > unblocked) throw new Error('the machine is too slow: events resumed before all were parked');
  await wait(unblocked - performance.now(), undefined, { signal });
  const besideMs = await timesOf(one, signal);
  if ((await bench.queue.getDelayedCount()) === 0)
    throw new Error('all parked events had resumed before the others were handled');
  return { aloneMs, besideMs };
}

type Others = { bench: BenchRedis; books: FakeBooks; tenantIds: readonly string[] };

async function timesOf({ bench, books, tenantIds }: Others, signal: AbortSignal): Promise<number[]> {
  const jobs = books.invoiceJobs(tenantIds.length, tenantIds);
  for (const job of jobs) {
    await enqueueAll(bench.redis, [job]);
    await wait(EVERY_MS, undefined, { signal });
  }
  const ids = new Set(jobs.map(({ id }) => id));
  const done = async () => (await bench.queue.getCompleted(0, -1)).filter(({ id }) => ids.has(id!));
  await until(async () => (await done()).length === jobs.length, 'the events of other organisations', { signal });
  return (await done()).map(({ timestamp, finishedOn }) => finishedOn! - timestamp);
}

async function refuseCalls({ redis: { client, prefix } }: BenchRedis, tenantId: string): Promise<void> {
  const permit = await createBudget({ client, prefix, limits: LIMITS }).acquire(tenantId);
  if (!permit.granted) throw new Error('the budget is used up');
  const refused = { limit: 'minute', retryAfterMs: BLOCK_MS } as const;
  await permit.release({ end: 'over', bytes: 0, left: {}, refused });
}
