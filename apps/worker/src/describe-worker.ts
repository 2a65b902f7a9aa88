import type { Registry } from '@xero-webhooks/handlers';
import type { WorkerInfo } from '@xero-webhooks/queue';
import type { ConfigOf } from '@xero-webhooks/runtime';
import manifest from '../package.json' with { type: 'json' };
import type { workerVariables } from '@xero-webhooks/configuration/worker';

type Config = Pick<ConfigOf<typeof workerVariables>, 'QUEUE_SHARDS' | 'WORKER_CONCURRENCY'>;

/** What operators see of this process. */
export function describeWorker(
  { QUEUE_SHARDS: shards, WORKER_CONCURRENCY: concurrency }: Config,
  name: string,
  { handlers }: Registry,
  readsXero: boolean,
): WorkerInfo {
  return {
    name,
    release: manifest.version,
    startedAt: Date.now(),
    shards,
    concurrency,
    readsXero,
    handlers: handlers.map((handler) => ({ name: handler.name, events: handler.events })),
  };
}
