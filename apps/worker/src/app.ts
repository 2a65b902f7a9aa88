import { loadHandlerModule } from '@xero-webhooks/handlers';
import { createEventWorker, openQueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Shutdown } from '@xero-webhooks/runtime';
import { createMetrics, startAdminServer } from '@xero-webhooks/runtime';
import { createAttempt } from './attempt.ts';
import type { workerVariables } from './config.ts';

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

  const stopping = new AbortController();
  const attempt = createAttempt({
    registry: handlers.registry,
    retry: { attempts: config.RETRY_ATTEMPTS, baseMs: config.RETRY_BASE_MS, maxMs: config.RETRY_MAX_MS },
    timeoutMs: config.HANDLER_TIMEOUT_MS,
    signal: stopping.signal,
    log,
  });
  for (let shard = 0; shard < config.QUEUE_SHARDS; shard++) {
    const worker = createEventWorker({
      redis,
      shard,
      concurrency: config.WORKER_CONCURRENCY,
      retention: {
        seconds: config.EVENT_RETENTION_S,
        count: Math.ceil(config.EVENT_RETENTION_COUNT / config.QUEUE_SHARDS),
      },
      log,
      attempt,
    });
    shutdown.add(`worker of shard ${shard}`, worker.close);
  }
  log.info(
    { handlers: handlers.registry.handlers.map(({ name }) => name), file: handlers.file, admin: admin.url },
    'worker is ready',
  );
}
