import helmet from '@fastify/helmet';
import type { QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedis, openQueues } from '@xero-webhooks/queue';
import type { ConfigOf, Log, Logger, Shutdown } from '@xero-webhooks/runtime';
import { addressOf, announceReady, createMetrics, listening, startAdminServer } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero';
import { createConnect, createGrantTokens, createIdentity } from '@xero-webhooks/xero';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import type { boardVariables } from './config.ts';
import type { ConnectMode } from './connect/mode.ts';
import { connectMode } from './connect/mode.ts';
import { mountConnectPage } from './connect/routes.ts';
import { requireLogin } from './login.ts';
import { mountQueuesPage } from './queues-page.ts';

type Config = ConfigOf<typeof boardVariables>;

/** Starts the board: the pages behind a login, and the admin port. */
export async function startBoard(config: Config, log: Logger, shutdown: Shutdown): Promise<void> {
  const redis = await openQueueRedis({ config, name: 'xw-board', log });
  shutdown.add('redis', redis.close);

  const admin = await startAdminServer({
    host: config.ADMIN_HOST,
    port: config.BOARD_ADMIN_PORT,
    variable: 'BOARD_ADMIN_PORT',
    metrics: createMetrics('board'),
    isReady: redis.isReady,
  });
  shutdown.add('admin server', admin.close);

  const mode = connectMode(config);
  const app = buildServer();
  await app.register(async (pages) => {
    await requireLogin(pages, { user: config.BOARD_USER, password: config.BOARD_PASSWORD });
    await mountQueuesPage(pages, openQueues(redis));
    await mountConnectPage(pages, {
      mode,
      connect: buildConnect(config, mode, redis, { log, shutdown }),
      boardUrl: config.BOARD_URL,
      readOnly: config.BOARD_READ_ONLY,
      log,
    });
    pages.setNotFoundHandler(async (_request, reply) =>
      reply.code(404).type('text/plain').send('There is no such page.\n'),
    );
  });
  const where = { host: config.BOARD_HOST, port: config.BOARD_PORT, variable: 'BOARD_PORT' };
  await listening(where, () => app.listen({ host: where.host, port: where.port }));
  shutdown.add('server', () => app.close());
  announceReady({
    watch: redis.watch,
    log,
    app: 'board',
    meanwhile: 'its pages answer with an error until then',
    fields: { url: addressOf(app.server), user: config.BOARD_USER, admin: admin.url },
  });
}

function buildConnect(
  config: Config,
  mode: ConnectMode,
  redis: QueueRedis,
  { log, shutdown }: { log: Log; shutdown: Shutdown },
): Connect | undefined {
  if (mode.mode !== 'ready') return undefined;
  const { clientId, encryptionKeys } = mode;
  const { client, prefix } = redis;
  const identity = createIdentity({ url: config.XERO_IDENTITY_URL, clientId, clientSecret: config.XERO_CLIENT_SECRET });
  const tokens = createGrantTokens({ client, prefix, encryptionKeys, identity, log, boardUrl: config.BOARD_URL });
  shutdown.add('access tokens', tokens.close);
  return createConnect({
    client,
    prefix,
    encryptionKeys,
    identity,
    tokens,
    apiUrl: config.XERO_API_URL,
    loginUrl: config.XERO_LOGIN_URL,
    scopes: config.XERO_SCOPES,
  });
}

function buildServer(): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  // Bull Board asks for web fonts from outside; nothing of an operator's page is to be loaded from, or told to, others.
  void app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // The board itself speaks plain HTTP; whoever puts TLS before it decides on this.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  return app;
}
