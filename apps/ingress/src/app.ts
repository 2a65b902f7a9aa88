import { openIngress } from '@xero-webhooks/ingress';
import { findIngressAlerts, startMonitoring } from '@xero-webhooks/monitoring';
import { openQueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Shutdown } from '@xero-webhooks/runtime';
import {
  addressOf,
  announceReady,
  areDevelopmentKeys,
  createMetrics,
  gaugeOf,
  listening,
  startAdminServer,
} from '@xero-webhooks/runtime';
import type { ingressVariables } from '@xero-webhooks/configuration/ingress';
import type { Tracing } from '@xero-webhooks/tracing';
import { listenForBursts } from './listen-for-bursts.ts';
import { buildServer, closeServer } from './server.ts';
import { traceRequests } from './trace-requests.ts';

/** Starts the ingress: the public server with the webhook and `/healthz`, and the admin port. */
export async function startIngress(
  config: ConfigOf<typeof ingressVariables>,
  log: Logger,
  shutdown: Shutdown,
  tracing?: Tracing,
): Promise<void> {
  if (tracing) shutdown.add('tracing', tracing.stop);
  const metrics = createMetrics('ingress');
  const redis = await openQueueRedis({ config, name: 'xw-ingress', log, enqueues: true });
  const ingress = await openIngress({
    keys: config.XERO_WEBHOOK_KEY,
    redis,
    log,
    maxBodyBytes: config.MAX_BODY_BYTES,
    ackDeadlineMs: config.ACK_DEADLINE_MS,
    waitReplicas: config.REDIS_WAIT_REPLICAS,
    unreadableStatus: config.UNREADABLE_STATUS === '200' ? 200 : 400,
    quarantineBytes: config.QUARANTINE_BYTES,
    record: config.RECORD === 'on',
    fairOrder: config.FAIR_ORDER === 'on',
    metrics,
    tracing: tracing && traceRequests(tracing, config.WEBHOOK_PATH),
  });
  shutdown.add('redis', ingress.close);
  const { failingSince, mismatches } = ingress.trouble;
  gaugeOf(metrics, 'xw_webhook_failing_since_timestamp_seconds', (gauge) => gauge.set((failingSince() ?? 0) / 1_000));
  await startMonitoring({
    config,
    redis,
    metrics,
    log,
    shutdown,
    findOwn: (bounds) =>
      findIngressAlerts(
        { now: Date.now(), redis: redis.watch.state(), failingSince: failingSince(), mismatches: mismatches() },
        bounds,
      ),
  });

  const admin = await startAdminServer({
    host: config.ADMIN_HOST,
    port: config.INGRESS_ADMIN_PORT,
    variable: 'INGRESS_ADMIN_PORT',
    metrics,
    isReady: ingress.isReady,
  });
  shutdown.add('admin server', admin.close);

  const app = await buildServer(ingress, config.WEBHOOK_PATH);
  const where = { host: config.INGRESS_HOST, port: config.INGRESS_PORT, variable: 'INGRESS_PORT' };
  const sockets = await listening(where, () => listenForBursts(app.server, (options) => app.listen(options), where));
  shutdown.add('server', () => closeServer(app, sockets, config.SHUTDOWN_DEADLINE_MS / 2));

  const url = `${addressOf(app.server)}${config.WEBHOOK_PATH}`;
  announceReady({
    watch: redis.watch,
    log,
    app: 'ingress',
    meanwhile: 'it listens, and answers 503 until then',
    fields: { url, admin: admin.url, keys: config.XERO_WEBHOOK_KEY.length },
  });
  if (areDevelopmentKeys(config.XERO_WEBHOOK_KEY)) {
    log.warn(
      "only the development key is set: Xero itself gets 401 until you set XERO_WEBHOOK_KEY to your app's webhook key",
    );
  }
}
