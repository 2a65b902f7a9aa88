import { loadHandlerModule } from '@xero-webhooks/handlers';
import { createEventWorker, openQueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Shutdown } from '@xero-webhooks/runtime';
import { createMetrics, startAdminServer } from '@xero-webhooks/runtime';
import type { workerVariables } from './config.ts';
import { logDelivery } from './log-delivery.ts';
import { createRoute, createRunHandler } from './run-handler.ts';

/** Starts the worker: the handler module, one BullMQ worker for each shard, and the admin port. */
export async function startWorker(
  config: ConfigOf<typeof workerVariables>,
  log: Logger,
  shutdown: Shutdown,
): Promise<void> {
  const handlers = await loadHandlerModule(config.HANDLERS, process.cwd());
  shutdown.add('handler module', handlers.close);
  for (const name of handlers.registry.unknownNames) {
    log.warn({ event: name }, 'Xero documents no event of this name: its handlers wait until one comes');
  }

  const redis = await openQueueRedis({ config, name: 'xw-worker', log });
  shutdown.add('redis', redis.close);

  const metrics = createMetrics('worker');
  const admin = await startAdminServer({
    host: config.ADMIN_HOST,
    port: config.WORKER_ADMIN_PORT,
    variable: 'WORKER_ADMIN_PORT',
    metrics,
    isReady: redis.isReady,
  });
  shutdown.add('admin server', admin.close);

  const handlersByName = new Map(handlers.registry.handlers.map((handler) => [handler.name, handler]));
  const route = createRoute(handlers.registry, config.HANDLER_TIMEOUT_MS);
  const workers = Array.from({ length: config.QUEUE_SHARDS }, (_, shard) =>
    createEventWorker({
      redis,
      shard,
      concurrency: config.WORKER_CONCURRENCY,
      retention: {
        seconds: config.EVENT_RETENTION_S,
        count: Math.ceil(config.EVENT_RETENTION_COUNT / config.QUEUE_SHARDS),
      },
      rememberMs: config.IDEMPOTENCY_TTL_S * 1000,
      log,
      route,
      runHandler: createRunHandler(handlersByName, config.HANDLER_TIMEOUT_MS, log),
      retry: { attempts: config.RETRY_ATTEMPTS, baseMs: config.RETRY_BASE_MS, maxMs: config.RETRY_MAX_MS },
      onDelivery: (job, delivery, ms) => logDelivery(log, job, delivery, ms),
    }),
  );
  shutdown.add('workers', () => Promise.all(workers.map((worker) => worker.close(config.SHUTDOWN_DEADLINE_MS - 500))));
  log.info(
    { handlers: handlers.registry.handlers.map(({ name }) => name), file: handlers.file, admin: admin.url },
    'worker is ready',
  );
}
