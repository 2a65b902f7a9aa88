import { startPostgres } from '@xero-webhooks/local-postgres';
import type { BenchProcess } from '../harness/bench-process.ts';
import { startBenchProcess } from '../harness/bench-process.ts';
import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { OUR_RECEIVER, TUTORIAL_RECEIVER } from '../harness/receiver.ts';
import { CONCURRENCY, startOurWorker } from '../harness/workers.ts';

/** Where a contestant keeps its events: empty at first, gone when it is disposed of. */
export type Store = AsyncDisposable & {
  /** What the receiver needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  startWorker(): BenchProcess;
};

/** Something that people would use to receive webhooks. */
export type Contestant = {
  readonly name: string;
  readonly receiver: string;
  /** @returns `undefined` if what it stores events in is not installed */
  openStore(fsync: Fsync): Promise<Store | undefined>;
};

const program = (name: string): string => new URL(`../contestants/${name}.ts`, import.meta.url).pathname;

const OURS: Contestant = {
  name: 'xero-webhooks',
  receiver: OUR_RECEIVER,
  async openStore(fsync) {
    const bench = await startBenchRedis({ fsync, rewrites: false });
    return { ...bench, startWorker: () => startOurWorker(bench, 'noteStart') };
  },
};

/** Express, `await queue.add` for each event, and a BullMQ worker. */
const TUTORIAL: Contestant = {
  name: 'Express and BullMQ',
  receiver: TUTORIAL_RECEIVER,
  async openStore(fsync) {
    const bench = await startBenchRedis({ fsync, rewrites: false });
    return { ...bench, startWorker: () => startOther('tutorial-worker', bench.environment) };
  },
};

export const CONTESTANTS: readonly Contestant[] = [
  OURS,
  TUTORIAL,
  onPostgres('Express and pg-boss', 'pg-boss-receiver', 'pg-boss-worker'),
  onPostgres('Express and graphile-worker', 'graphile-receiver', 'graphile-runner'),
];

function onPostgres(name: string, receiver: string, worker: string): Contestant {
  return {
    name,
    receiver: program(receiver),
    async openStore() {
      // Its defaults: a commit is on disk before it is confirmed (`synchronous_commit`).
      const server = await startPostgres();
      if (server === undefined) return undefined;
      const environment = { DATABASE_URL: server.url };
      return { environment, startWorker: () => startOther(worker, environment), [Symbol.asyncDispose]: server.stop };
    },
  };
}

function startOther(name: string, environment: Readonly<Record<string, string>>): BenchProcess {
  return startBenchProcess(program(name), { ...environment, WORKER_CONCURRENCY: String(CONCURRENCY) });
}
