import { startBenchRedis } from '../harness/bench-redis.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import { startFakeBooks } from './fake-books.ts';
import { startReaders } from './readers.ts';

/** A worker's memory after each round of reads, in megabytes. */
export async function memoryOfReads(
  { rounds, events, organisations }: { rounds: number; events: number; organisations: number },
  signal: AbortSignal,
): Promise<number[]> {
  await using bench = await startBenchRedis();
  await using books = await startFakeBooks(organisations);
  await using processes = new AsyncDisposableStack();
  const [worker] = await startReaders(processes, { bench, books, count: 1 }, signal);
  const memory: number[] = [];
  while (memory.length < rounds) {
    await enqueueAll(bench.redis, books.invoiceJobs(events, books.tenantIds));
    await drained(bench.redis.client, bench.queue, signal);
    memory.push(worker!.memory());
  }
  return memory;
}
