import { startBenchProcess } from '../harness/bench-process.ts';
import type { BenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { OUR_RECEIVER, TUTORIAL_RECEIVER } from '../harness/receiver.ts';
import { CONCURRENCY, startOurWorker } from '../harness/workers.ts';

/** A receiver and a worker. */
export type Contestant = {
  readonly name: string;
  readonly receiver: string;
  startWorker(bench: BenchRedis): BenchProcess;
  /** The key of its queue, without what follows for each part of it. */
  queueKey(bench: BenchRedis): string;
};

export const OURS: Contestant = {
  name: 'ours',
  receiver: OUR_RECEIVER,
  startWorker: (bench) => startOurWorker(bench, 'noteStart'),
  queueKey: ({ queue }) => queue.toKey(''),
};

const TUTORIAL_WORKER = new URL('../contestants/tutorial-worker.ts', import.meta.url).pathname;

/** Express, `await queue.add` for each event, and a BullMQ worker. */
export const TUTORIAL: Contestant = {
  name: 'tutorial',
  receiver: TUTORIAL_RECEIVER,
  startWorker: ({ environment }) =>
    startBenchProcess(TUTORIAL_WORKER, { ...environment, WORKER_CONCURRENCY: String(CONCURRENCY) }),
  queueKey: () => 'bull:xero-webhooks:',
};
