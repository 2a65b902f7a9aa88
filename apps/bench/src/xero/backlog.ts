import { startBenchRedis } from '../harness/bench-redis.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { startFakeBooks } from './fake-books.ts';
import { startReaders } from './readers.ts';

export type Backlog = {
  readonly calls: number;
  /** From the start of the workers until the last event was handled. */
  readonly seconds: number;
  readonly maxPerMinute: number;
  readonly maxAtOnce: number;
  readonly tooManyRequests: number;
  readonly machine: Machine;
};

/** Starts workers on a queue full of events of one organisation, whose invoices they read. */
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
  await startReaders(processes, { bench, books, count: workers }, signal);
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
    maxPerMinute: usage.maxPerMinute,
    maxAtOnce: usage.maxSimultaneous,
    tooManyRequests: usage.tooManyRequests,
    machine,
  };
}
