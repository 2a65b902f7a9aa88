import type { BenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { startOurWorker, workersReady } from '../harness/workers.ts';
import type { FakeBooks } from './fake-books.ts';

const HANDLERS = new URL('read-resource.ts', import.meta.url).pathname;

/** Starts workers that read the resource of each event, and waits until they have nothing to do. */
export async function startReaders(
  stack: AsyncDisposableStack,
  { bench, books, count }: { bench: BenchRedis; books: FakeBooks; count: number },
  signal: AbortSignal,
): Promise<BenchProcess[]> {
  // Overrides the module of handlers that is named below.
  const environment = { HANDLERS, XERO_API_URL: books.xero.url };
  const processes = Array.from({ length: count }, () => stack.use(startOurWorker(bench, 'one', environment)));
  await workersReady(bench.redis.client, { count, processes }, signal);
  return processes;
}
