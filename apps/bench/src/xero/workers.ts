import type { BenchRedis } from '../bench-redis.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { handlerModule, OUR_WORKER, startWorkerProcess } from '../worker-process.ts';
import type { FakeBooks } from './fake-books.ts';

/** How many events a worker has at work at once: the default. */
export const CONCURRENCY = 50;

/** Starts workers that read the resource of each event. */
export async function startReaders(
  stack: AsyncDisposableStack,
  { bench, books, count }: { bench: BenchRedis; books: FakeBooks; count: number },
): Promise<WorkerProcess[]> {
  const environment = {
    ...bench.environment,
    XERO_API_URL: books.xero.url,
    WORKER_ADMIN_PORT: '0',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    HANDLERS: handlerModule('read-resource'),
  };
  const workers: WorkerProcess[] = [];
  for (let worker = 0; worker < count; worker++) {
    workers.push(stack.use(await startWorkerProcess(OUR_WORKER, environment)));
  }
  return workers;
}
