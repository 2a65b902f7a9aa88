import { startBenchRedis } from '../bench-redis.ts';
import { drained } from '../drained.ts';
import { enqueueAll } from '../enqueue-all.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { startFakeBooks } from './fake-books.ts';
import { startReaders } from './workers.ts';

/** What a backlog of one organisation took to read. */
export type Backlog = {
  readonly calls: number;
  /** Until the last was handled, from when the workers were started, in seconds. */
  readonly seconds: number;
  readonly mostPerMinute: number;
  readonly mostAtOnce: number;
  readonly tooManyRequests: number;
  readonly machine: Machine;
};

/** Has workers read the invoices of events of one organisation that are waiting already. */
export async function readBacklog(
  { events, workers }: { events: number; workers: number },
  signal: AbortSignal,
): Promise<Backlog> {
  await using bench = await startBenchRedis();
  await using books = await startFakeBooks(1);
  await using processes = new AsyncDisposableStack();
  const machine = await describeMachine(bench.redis.client);
  await enqueueAll(bench.redis, books.invoiceJobs(events, books.tenantIds));
  const began = performance.now();
  await startReaders(processes, { bench, books, count: workers });
  await drained(bench.redis.client, bench.queue, signal);
  const seconds = (performance.now() - began) / 1000;
  const handled = await bench.queue.getCompletedCount();
  if (handled !== events) throw new Error(`${handled} of ${events} events were handled`);
  const read = new Set(
    books.xero.calls().flatMap(({ query }) => new URLSearchParams(query).get('IDs')?.split(',') ?? []),
  );
  if (read.size !== events) throw new Error(`${read.size} of ${events} invoices were read`);
  const usage = books.xero.usage(books.tenantIds[0]!);
  return {
    calls: usage.calls,
    seconds,
    mostPerMinute: usage.maxPerMinute,
    mostAtOnce: usage.maxSimultaneous,
    tooManyRequests: usage.tooManyRequests,
    machine,
  };
}
