import type { RedisClient } from '@xero-webhooks/runtime';
import type { BenchProcess } from './bench-process.ts';
import { startBenchProcess } from './bench-process.ts';
import type { BenchRedis } from './bench-redis.ts';
import type { HandlerSet } from './handlers.ts';
import { until } from './until.ts';

/** Our default for how many events a worker handles at once, for every contestant. */
export const CONCURRENCY = 50;

/** The worker that runs in production. */
const OUR_WORKER = new URL('../../../worker/src/main.ts', import.meta.url).pathname;

const HANDLERS = new URL('handlers.ts', import.meta.url).pathname;

export function startOurWorker(
  { environment }: Pick<BenchRedis, 'environment'>,
  handlers: HandlerSet,
  others: Readonly<Record<string, string>> = {},
): BenchProcess {
  return startBenchProcess(OUR_WORKER, {
    ...environment,
    WORKER_ADMIN_PORT: '0',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    HANDLERS,
    BENCH_HANDLERS: handlers,
    ...others,
  });
}

const RAW_WORKER = new URL('../contestants/raw-worker.ts', import.meta.url).pathname;

/** BullMQ's worker with nothing around it. */
export function startRawWorker(
  { environment, queues, redis }: Pick<BenchRedis, 'environment' | 'queues' | 'redis'>,
  others: Readonly<Record<string, string>> = {},
): BenchProcess {
  return startBenchProcess(RAW_WORKER, {
    ...environment,
    QUEUE_NAMES: queues.map(({ name }) => name).join(','),
    QUEUE_PREFIX: redis.prefix,
    WORKER_CONCURRENCY: String(CONCURRENCY),
    ...others,
  });
}

/**
 * Waits until `count` BullMQ workers wait for a job: each blocks a connection of its own for that.
 *
 * @throws Error if one of the processes ends first
 */
export async function workersReady(
  client: RedisClient,
  { count, processes }: { count: number; processes: readonly BenchProcess[] },
  signal: AbortSignal,
): Promise<void> {
  await until(
    async () => {
      if (processes.some(({ running }) => !running)) throw new Error('a process ended before it was ready');
      return waitingClients((await client.call('CLIENT', 'LIST')) as string) >= count;
    },
    'the workers to be ready',
    { signal },
  );
}

/** Counts the clients that wait for a job in the reply of `CLIENT LIST`. */
export function waitingClients(list: string): number {
  return list.match(/ cmd=bzpopmin /g)?.length ?? 0;
}
