import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { withoutBasePath } from './base-path.ts';

/** How long a connection may be idle, in milliseconds: longer than the 60 seconds of common proxies. */
const KEEP_ALIVE_MS = 72_000;

/** How long a request may take until all of it has arrived, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How often Node looks for requests that take too long, in milliseconds; its default is half a minute. */
const CHECKING_INTERVAL_MS = 1_000;

/** How long requests that have begun may take at the shutdown, in milliseconds. */
const MAX_CLOSE_MS = 5_000;

type Options = {
  /** The path below which browsers see the board, without a slash at its end; empty at the root of the host. */
  basePath: string;
  /** Addresses and networks of the proxies whose `X-Forwarded-…` headers are believed. */
  trustedProxies: readonly string[];
};

/** Builds the board's server, with `/healthz` and without its pages. */
export function buildServer({ basePath, trustedProxies }: Options): FastifyInstance {
  const app = Fastify({
    logger: false,
    rewriteUrl: (request) => withoutBasePath(request.url ?? '/', basePath),
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node takes the longer of the two timeouts for the whole request.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: CHECKING_INTERVAL_MS },
    // Closes idle connections at once; requests in progress are answered first.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
  // Otherwise a connection stays open after an answer that was in progress when the server began to close.
  app.addHook('onSend', async (_request, reply) => {
    if (!app.server.listening) void reply.header('connection', 'close');
  });
  // Bull Board asks for web fonts from outside; an operator's page must not load from, or tell, any third party.
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
    // The board itself speaks plain HTTP; this is up to the proxy that adds TLS.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  return app;
}

/**
 * Answers the requests that have begun, and closes. Those that take too long are cut off.
 *
 * @param deadlineMs how long it may take, in milliseconds
 */
export async function closeServer(app: FastifyInstance, deadlineMs: number): Promise<void> {
  // An answer whose head was sent before does not end its connection.
  const idle = setInterval(() => app.server.closeIdleConnections(), 100);
  const late = setTimeout(() => app.server.closeAllConnections(), Math.min(MAX_CLOSE_MS, deadlineMs));
  await app.close();
  clearInterval(idle);
  clearTimeout(late);
}
