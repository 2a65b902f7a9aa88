import type { QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Log, Logger, Metrics, Shutdown } from '@xero-webhooks/runtime';
import {
  addressOf,
  announceReady,
  counterOf,
  createMetrics,
  listening,
  startAdminServer,
} from '@xero-webhooks/runtime';
import { startMonitoring } from '@xero-webhooks/monitoring';
import type { Connect } from '@xero-webhooks/xero-auth';
import { createConnect, createGrantTokens, createIdentity } from '@xero-webhooks/xero-auth';
import { mountBackfillPages } from './backfill/routes.ts';
import { mountDeadLetterPages } from './dead-letters/routes.ts';
import { openDesk } from './desk.ts';
import { mountEventPages } from './events/routes.ts';
import { basePathOf } from './base-path.ts';
import type { boardVariables } from '@xero-webhooks/configuration/board';
import type { ConnectMode } from './connect/mode.ts';
import { connectMode } from './connect/mode.ts';
import { mountConnectPage } from './connect/routes.ts';
import { createCheckLogin } from './login/check-login.ts';
import { mountLoginPage } from './login/login-page.ts';
import { requireLogin } from './login/require-login.ts';
import { createSessions } from './login/sessions.ts';
import { mountHandlersPage } from './handlers/routes.ts';
import { NAVIGATION } from './navigation.ts';
import { mountOverview } from './overview/routes.ts';
import { createBackground } from './page/background.ts';
import { createSite } from './page/site.ts';
import { mountQuarantinePages } from './quarantine/routes.ts';
import { mountQueuesPage } from './queues-page.ts';
import { buildServer, closeServer } from './server.ts';

type Config = ConfigOf<typeof boardVariables>;

/** Starts the pages, behind a login, and the admin port. */
export async function startBoard(config: Config, log: Logger, shutdown: Shutdown): Promise<void> {
  const redis = await openQueueRedis({ config, name: 'xw-board', log });
  shutdown.add('redis', redis.close);

  const metrics = createMetrics('board');
  const admin = await startAdminServer({
    host: config.ADMIN_HOST,
    port: config.BOARD_ADMIN_PORT,
    variable: 'BOARD_ADMIN_PORT',
    metrics,
    isReady: redis.isReady,
  });
  shutdown.add('admin server', admin.close);

  const mode = connectMode(config);
  const { BOARD_URL: boardUrl } = config;
  const basePath = basePathOf(boardUrl);
  const site = createSite({ basePath, boardUrl, navigation: NAVIGATION, log });
  const app = buildServer({ basePath, trustedProxies: config.BOARD_TRUSTED_PROXIES ?? [] });
  // What somebody reaches who has not logged in; the pages below have the login before them.
  site.mountStyle(app);
  const { BOARD_USER: user, BOARD_PASSWORD: password } = config;
  const check = await createCheckLogin(app, { user, password, log, metrics });
  const sessions = createSessions({ client: redis.client, prefix: redis.prefix, cookies: site.cookies, password });
  await mountLoginPage(app, { check, sessions, site, boardUrl });
  await app.register(async (pages) => {
    await requireLogin(pages, { check, sessions, site });
    const desk = openDesk({
      redis,
      mode,
      limits: { perDay: config.XERO_DAY_LIMIT, dayReserve: config.XERO_DAY_RESERVE },
      site,
      readOnly: config.BOARD_READ_ONLY,
      redacted: config.BOARD_REDACT ?? [],
      rememberMs: config.IDEMPOTENCY_TTL_S * 1_000,
      by: config.BOARD_USER,
      log,
      shutdown,
    });
    await startMonitoring({
      config,
      redis,
      metrics,
      log,
      shutdown,
      listTenants: desk.listTenants,
    });
    await mountQueuesPage(pages, { queues: desk.queues, site, navigation: NAVIGATION });
    const background = createBackground(log);
    shutdown.add('actions', background.stop);
    await mountEventPages(pages, desk);
    await mountDeadLetterPages(pages, desk, background);
    await mountQuarantinePages(pages, desk, background);
    await mountBackfillPages(pages, desk);
    await mountHandlersPage(pages, desk);
    await mountOverview(pages, desk);
    await mountConnectPage(pages, {
      mode,
      connect: buildConnect(config, mode, redis, { log, metrics, shutdown }),
      boardUrl,
      desk,
      background,
    });
    pages.setNotFoundHandler(async (_request, reply) => site.showNotFound(reply));
  });
  const where = { host: config.BOARD_HOST, port: config.BOARD_PORT, variable: 'BOARD_PORT' };
  await listening(where, () => app.listen({ host: where.host, port: where.port }));
  shutdown.add('server', () => closeServer(app, config.SHUTDOWN_DEADLINE_MS / 2));
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
  { log, metrics, shutdown }: { log: Log; metrics: Metrics; shutdown: Shutdown },
): Connect | undefined {
  if (mode.mode !== 'ready') return undefined;
  const { clientId, encryptionKeys } = mode;
  const { client, prefix } = redis;
  const asked = counterOf(metrics, 'xw_token_requests_total');
  const identity = createIdentity({
    url: config.XERO_IDENTITY_URL,
    clientId,
    clientSecret: config.XERO_CLIENT_SECRET,
    onToken: (outcome) => asked.inc({ outcome }),
  });
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
