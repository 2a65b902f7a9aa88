import type { BenchProcess } from '../bench-process.ts';
import { startBenchProcess } from '../bench-process.ts';
import type { BenchRedis } from '../bench-redis.ts';
import { handlerModule, OUR_WORKER, RAW_WORKER } from '../worker-process.ts';

/** A program that works on the queue with a handler that does nothing. */
export type Contestant = {
  readonly name: string;
  /** Starts one process of it. */
  start(bench: BenchRedis, concurrency: number): BenchProcess;
};

/** The same for all: the defaults. */
const RETENTION = { EVENT_RETENTION_S: '259200', EVENT_RETENTION_COUNT: '100000' };

/** BullMQ's worker with nothing around it. */
export const RAW: Contestant = {
  name: 'raw BullMQ',
  start: (bench, concurrency) =>
    startBenchProcess(
      RAW_WORKER,
      {
        ...bench.environment,
        ...RETENTION,
        QUEUE_NAMES: bench.queues.map(({ name }) => name).join(','),
        QUEUE_PREFIX: bench.redis.prefix,
        WORKER_CONCURRENCY: String(concurrency),
      },
      'ignored',
    ),
};

export const OURS: Contestant = {
  name: 'ours',
  start: (bench, concurrency) => startBenchProcess(OUR_WORKER, ourEnvironment(bench, concurrency)),
};

/** Ours as it is by default: with a line for each event, which nobody reads. */
export const OURS_LOGGING: Contestant = {
  name: 'ours, a log line an event',
  start: (bench, concurrency) =>
    startBenchProcess(OUR_WORKER, { ...ourEnvironment(bench, concurrency), LOG_LEVEL: 'info' }, 'ignored'),
};

function ourEnvironment(bench: BenchRedis, concurrency: number): Record<string, string> {
  return {
    ...bench.environment,
    ...RETENTION,
    WORKER_ADMIN_PORT: '0',
    WORKER_CONCURRENCY: String(concurrency),
    HANDLERS: handlerModule('one'),
  };
}
