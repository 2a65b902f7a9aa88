import { freePort } from '@xero-webhooks/local-redis';
import type { BenchProcess } from '../bench-process.ts';
import { startBenchProcess } from '../bench-process.ts';
import type { BenchRedis } from '../bench-redis.ts';
import { until } from '../until.ts';
import { workersWait } from '../waiting-workers.ts';
import { handlerModule, OUR_WORKER } from '../worker-process.ts';
import { openConnection } from './connection.ts';
import { WEBHOOK_KEY } from './signed-events.ts';

/** A receiver and a worker. */
export type Contestant = {
  readonly name: string;
  readonly receiver: string;
  readonly worker: string;
  /** The key of the list in which its events wait. */
  waitKey(bench: BenchRedis): string;
};

/** How many events the worker has at work at once: our default, for both. */
export const CONCURRENCY = 50;

export const OURS: Contestant = {
  name: 'ours',
  receiver: new URL('../../../ingress/src/main.ts', import.meta.url).pathname,
  worker: OUR_WORKER,
  waitKey: ({ queue }) => queue.toKey('wait'),
};

/** What people copy: Express, an await of `queue.add` for each event, and a BullMQ worker. */
export const TUTORIAL: Contestant = {
  name: 'tutorial',
  receiver: new URL('../tutorial/receiver.ts', import.meta.url).pathname,
  worker: new URL('../tutorial/worker.ts', import.meta.url).pathname,
  waitKey: () => 'bull:xero-webhooks:wait',
};

/** Both sides of a contestant, at work. */
export type BothSides = { readonly port: number; readonly receiver: BenchProcess; readonly worker: BenchProcess };

/** Starts both sides of a contestant, and waits until they are ready. */
export async function startBothSides(
  stack: AsyncDisposableStack,
  bench: BenchRedis,
  contestant: Contestant,
  signal: AbortSignal,
): Promise<BothSides> {
  const worker = stack.use(
    startBenchProcess(contestant.worker, {
      ...bench.environment,
      WORKER_ADMIN_PORT: '0',
      WORKER_CONCURRENCY: String(CONCURRENCY),
      HANDLERS: handlerModule('note-start'),
    }),
  );
  const port = await freePort();
  const receiver = stack.use(
    startBenchProcess(contestant.receiver, {
      ...bench.environment,
      PORT: String(port),
      WEBHOOK_KEY,
      INGRESS_HOST: '127.0.0.1',
      INGRESS_PORT: String(port),
      INGRESS_ADMIN_PORT: '0',
      XERO_WEBHOOK_KEY: WEBHOOK_KEY,
    }),
  );
  await workersWait(bench.redis.client, { count: 1, processes: [worker, receiver] }, signal);
  await until(() => isListening(port), 'the receiver to listen', { signal });
  return { port, receiver, worker };
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await openConnection(port)).close();
    return true;
  } catch {
    return false;
  }
}
