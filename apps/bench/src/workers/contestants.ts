import type { BenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { startOurWorker, startRawWorker } from '../harness/workers.ts';

/** A worker whose handler does nothing. */
export type Contestant = {
  readonly name: string;
  /** @param environment in addition */
  start(bench: BenchRedis, concurrency: number, environment?: Readonly<Record<string, string>>): BenchProcess;
};

/** Both keep handled jobs as our worker does by default. */
const RETENTION = { EVENT_RETENTION_S: '259200', EVENT_RETENTION_COUNT: '100000' };

export const RAW: Contestant = {
  name: 'raw BullMQ',
  start: (bench, concurrency) => startRawWorker(bench, { ...RETENTION, WORKER_CONCURRENCY: String(concurrency) }),
};

export const OURS: Contestant = {
  name: 'ours',
  start: (bench, concurrency, environment) =>
    startOurWorker(bench, 'one', { ...RETENTION, WORKER_CONCURRENCY: String(concurrency), ...environment }),
};
