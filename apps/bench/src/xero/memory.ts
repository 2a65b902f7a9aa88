import { startBenchRedis } from '../bench-redis.ts';
import { drained } from '../drained.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { residentMegabytes } from '../process-usage.ts';
import { startFakeBooks } from './fake-books.ts';
import { startReaders } from './workers.ts';

/** What a worker's memory was after each round, in megabytes. */
export async function memoryOfReads(
  { rounds, events, organisations }: { rounds: number; events: number; organisations: number },
  signal: AbortSignal,
): Promise<number[]> {
  await using bench = await startBenchRedis();
  await using books = await startFakeBooks(organisations);
  await using processes = new AsyncDisposableStack();
  const [worker] = await startReaders(processes, { bench, books, count: 1 });
  const memory: number[] = [];
  while (memory.length < rounds) {
    await enqueueAll(bench.redis, books.invoiceJobs(events, books.tenantIds));
    await drained(bench.redis.client, bench.queue, signal);
    memory.push(residentMegabytes(worker!.pid));
  }
  return memory;
}
