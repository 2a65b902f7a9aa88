import { createCopies } from '@xero-webhooks/backfill';
import { startMonitoring } from '@xero-webhooks/monitoring';
import type { Tenant } from '@xero-webhooks/operations';
import { listTenants } from '@xero-webhooks/operations';
import type { EventWorker } from '@xero-webhooks/queue';
import {
  createAtWork,
  createEventWorker,
  createIsolation,
  createNoteHandler,
  lookAtWorker,
  openQueueRedis,
  openQueues,
  startLoopWatch,
  startPresence,
  startWatchdog,
} from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Shutdown } from '@xero-webhooks/runtime';
import { announceReady, createMetrics, startAdminServer } from '@xero-webhooks/runtime';
import type { Tracing } from '@xero-webhooks/tracing';
import { createAbandoned } from './abandoned.ts';
import { blameHandler, isOfRead, logExit } from './blame-handler.ts';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import { runningNow } from './current-run.ts';
import { logSuspect } from './log-job.ts';
import { describeWorker } from './describe-worker.ts';
import { createObserveJobs } from './observe-jobs.ts';
import { checkReconcile, openBackfills } from './open-backfills.ts';
import { openForwarder } from './open-forwarder.ts';
import { openHandlers } from './open-handlers.ts';
import { openXero } from './open-xero.ts';
import { openRecord, sweepRecords } from './open-record.ts';
import { traceCalls, traceHandlers } from './trace-handlers.ts';
import { createRoute } from './route-handlers.ts';

/** How long a worker may take no job while jobs wait, and how often to check, in milliseconds. */
const WATCHDOG_PATIENCE_MS = 60_000;
const WATCHDOG_INTERVAL_MS = 5_000;

/** Starts the worker: the handler module, one BullMQ worker for each shard, and the admin port. */
export async function startWorker(
  config: ConfigOf<typeof workerVariables>,
  log: Logger,
  shutdown: Shutdown,
  tracing?: Tracing,
): Promise<void> {
  if (tracing) shutdown.add('tracing', tracing.stop);
  checkReconcile(config);
  const handlers = await openHandlers(config, log);
  shutdown.add('handler module', handlers.close);
  for (const name of handlers.registry.unknownNames) {
    log.warn({ event: name }, 'Xero documents no event of this name: its handlers run only if one arrives');
  }

  const redis = await openQueueRedis({
    config,
    name: 'xw-worker',
    log,
    works: true,
    onShardsChanged: () => shutdown.begin('the number of shards was changed: start the worker with the new number', 1),
  });
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

  const capacity = config.WORKER_CONCURRENCY * config.QUEUE_SHARDS;
  const abandoned = createAbandoned(capacity, () => {
    shutdown.begin(`more than ${capacity} handlers never returned: look for an await that never resolves`, 1);
  });
  const observe = createObserveJobs({
    log,
    metrics,
    abandoned,
    noteHandler: createNoteHandler(redis.client, redis.prefix),
  });
  const workers: EventWorker[] = [];
  const record = openRecord(config, redis);
  const copies = createCopies(redis.client, redis.prefix, record.recorder.hasRoom);
  const xero = openXero({
    config,
    accessToken: handlers.accessToken,
    redis,
    workers: () => presence.count(),
    copies,
    occupancy: () => ({ active: workers.reduce((sum, { active }) => sum + active, 0), capacity }),
    log,
    metrics,
    tracing: tracing && traceCalls(tracing),
    shutdown,
  });
  const presence = startPresence({
    client: redis.client,
    prefix: redis.prefix,
    worker: describeWorker(config, record.worker, handlers.registry, xero.reader !== undefined),
  });
  shutdown.add('presence', presence.stop);
  const isolation = createIsolation({
    maxWaiting: Math.ceil(config.WORKER_CONCURRENCY / 2),
    onPause: (paused) => workers.forEach((worker) => worker.pause(paused)),
  });
  const atWork = createAtWork();
  const rememberMs = config.IDEMPOTENCY_TTL_S * 1000;
  const loopWatch = startLoopWatch({
    atWork,
    redis: config,
    rememberMs,
    lockMs: config.JOB_LOCK_MS,
    timeoutMs: config.HANDLER_TIMEOUT_MS,
    culprit: runningNow,
    onExit: (run, exitCode) => logExit(log, run, exitCode),
  });
  shutdown.explainUncaught((error) => blameHandler(workers, error), isOfRead);
  const forwarding = openForwarder({
    allowPrivate: config.FORWARD_ALLOW_PRIVATE,
    redis,
    capacity,
    log,
    metrics,
  });
  shutdown.add('connections to receivers', forwarding.close);
  const route = createRoute({
    registry: handlers.registry,
    accessOf: xero.accessOf,
    forwarder: forwarding.forwarder,
    timeoutMs: config.HANDLER_TIMEOUT_MS,
    log,
    abandoned,
    failsUnawaited: config.MISSING_AWAIT === 'fail',
    trace: tracing && traceHandlers(tracing),
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
      rememberMs,
      crashAttempts: config.CRASH_ATTEMPTS,
      lockMs: config.JOB_LOCK_MS,
      log,
      route,
      retry: { attempts: config.RETRY_ATTEMPTS, baseMs: config.RETRY_BASE_MS, maxMs: config.RETRY_MAX_MS },
      pauseMs: xero.pauseMs,
      isolation,
      atWork,
      record,
      onSuspect: (job, lost, cause) => logSuspect(log, job, lost, cause),
      onOutcome: observe,
    });
    workers.push(worker);
  }
  // Once the process stops in order, no event is to blame for its end.
  shutdown.add('loop watch', loopWatch.stopping);
  shutdown.add('workers', () => Promise.all(workers.map((worker) => worker.close(config.SHUTDOWN_DEADLINE_MS - 300))));
  const queues = openQueues(redis);
  const listAll = (): Promise<Tenant[]> =>
    listTenants(redis, {
      encryptionKeys: config.TOKEN_ENCRYPTION_KEY,
      limits: { perDay: config.XERO_DAY_LIMIT, dayReserve: config.XERO_DAY_RESERVE },
    });
  if (xero.reader) {
    const { reader } = xero;
    const { recorder } = record;
    const stop = openBackfills({ config, redis, queues, reader, copies, recorder, listTenants: listAll, log, metrics });
    shutdown.add('backfills', stop);
  }
  shutdown.add('record', sweepRecords(config, redis, queues, log));
  for (const [shard, worker] of workers.entries()) {
    const stop = startWatchdog({
      look: lookAtWorker(queues[shard]!, worker),
      patienceMs: WATCHDOG_PATIENCE_MS,
      intervalMs: WATCHDOG_INTERVAL_MS,
      onStuck: () => shutdown.begin('jobs are waiting, but this worker takes none', 1),
    });
    shutdown.add('watchdog', stop);
  }
  await startMonitoring({
    config,
    redis,
    metrics,
    log,
    shutdown,
    listTenants: listAll,
  });
  announceReady({
    watch: redis.watch,
    log,
    app: 'worker',
    meanwhile: 'it takes no events until then',
    fields: {
      handlers: handlers.registry.handlers.map(({ name }) => name),
      file: handlers.file,
      xero: xero.from,
      admin: admin.url,
    },
    others: Promise.all(workers.map(({ connected }) => connected)),
  });
}
