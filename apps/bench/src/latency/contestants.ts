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
  /** The key of the list in which its jobs wait. */
  waitKey(bench: BenchRedis): string;
};

export const OURS: Contestant = {
  name: 'ours',
  receiver: OUR_RECEIVER,
  startWorker: (bench) => startOurWorker(bench, 'noteStart'),
  waitKey: ({ queue }) => queue.toKey('wait'),
};

const TUTORIAL_WORKER = new URL('../contestants/tutorial-worker.ts', import.meta.url).pathname;

/** Express, `await queue.add` for each event, and a BullMQ worker. */
export const TUTORIAL: Contestant = {
  name: 'tutorial',
  receiver: TUTORIAL_RECEIVER,
  startWorker: ({ environment }) =>
    startBenchProcess(TUTORIAL_WORKER, { ...environment, WORKER_CONCURRENCY: String(CONCURRENCY) }),
  waitKey: () => 'bull:xero-webhooks:wait',
};
