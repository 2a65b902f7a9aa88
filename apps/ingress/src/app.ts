import { METHODS } from 'node:http';
import { openIngress, xeroWebhooks } from '@xero-webhooks/ingress';
import { openQueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Shutdown } from '@xero-webhooks/runtime';
import { addressOf, areDevelopmentKeys, createMetrics, listening, startAdminServer } from '@xero-webhooks/runtime';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import type { ingressVariables } from './config.ts';

/** How long Xero waits for an answer, in milliseconds. */
const XERO_PATIENCE_MS = 5_000;

/** Whoever takes much longer than that only to send a request is not Xero. In milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Starts the ingress: the public server with the webhook and `/healthz`, and the admin port. */
export async function startIngress(
  config: ConfigOf<typeof ingressVariables>,
  log: Logger,
  shutdown: Shutdown,
): Promise<void> {
  const metrics = createMetrics('ingress');
  const ingress = await openIngress({
    keys: config.XERO_WEBHOOK_KEY,
    redis: await openQueueRedis({ config, name: 'xw-ingress', log, enqueues: true }),
    log,
    maxBodyBytes: config.MAX_BODY_BYTES,
    ackDeadlineMs: config.ACK_DEADLINE_MS,
    waitReplicas: config.REDIS_WAIT_REPLICAS,
    unreadableStatus: config.UNREADABLE_STATUS === '200' ? 200 : 400,
    quarantineBytes: config.QUARANTINE_BYTES,
    metrics,
  });
  shutdown.add('redis', ingress.close);

  const admin = await startAdminServer({
    host: config.ADMIN_HOST,
    port: config.INGRESS_ADMIN_PORT,
    variable: 'INGRESS_ADMIN_PORT',
    metrics,
    isReady: ingress.isReady,
  });
  shutdown.add('admin server', admin.close);

  const app = buildServer();
  await app.register(xeroWebhooks, { ingress, path: config.WEBHOOK_PATH });
  const where = { host: config.INGRESS_HOST, port: config.INGRESS_PORT, variable: 'INGRESS_PORT' };
  await listening(where, () => app.listen({ host: where.host, port: where.port }));
  shutdown.add('server', () => closeServer(app, config.SHUTDOWN_DEADLINE_MS / 2));

  const url = `${addressOf(app.server)}${config.WEBHOOK_PATH}`;
  log.info({ url, admin: admin.url, keys: config.XERO_WEBHOOK_KEY.length }, 'ingress is ready');
  if (areDevelopmentKeys(config.XERO_WEBHOOK_KEY)) {
    log.warn('only the development key is set: Xero itself gets 401 until XERO_WEBHOOK_KEY has the key of your app');
  }
}

function buildServer(): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      // Node takes the longer of the two for the whole request, and would look for late ones every half minute only.
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    // Idle connections are closed at once, those at work are answered first.
    forceCloseConnections: 'idle',
    // What still comes over an open connection is received like everything before: it need not fail.
    return503OnClosing: false,
  });
  // Fastify knows a few methods; the others get 405 as well.
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  // Whatever else a request expects is not promised, and not refused either.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  // Without this the bodies of requests for other paths would be read and parsed.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return reply.code(404).send();
  });
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  return app;
}

/** Answers what has been sent, and closes. What is not whole by the time that Xero gives up is cut off. */
async function closeServer(app: FastifyInstance, deadlineMs: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), Math.min(XERO_PATIENCE_MS, deadlineMs));
  await app.close();
  clearTimeout(late);
}
