import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, METHODS } from 'node:http';
import type { Ingress } from '@xero-webhooks/ingress';
import { answerHttp, BAD_REQUEST, mountWebhook, NOT_FOUND, webhookPaths } from '@xero-webhooks/ingress';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import type { ListeningSockets } from './listen-for-bursts.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { shareTurns } from './share-turns.ts';

/** How long Xero waits for an answer, in milliseconds. */
const XERO_PATIENCE_MS = 5_000;

/** In milliseconds. A client that takes this long just to send a request is not Xero. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How long a connection may be idle, in ms: Fastify's own default, longer than the 60 seconds of common proxies. */
const KEEP_ALIVE_MS = 72_000;

/**
 * The public server: the webhook, and `/healthz`. Every refused request is counted, whichever part refuses it.
 *
 * @param path where Xero's requests arrive
 */
export async function buildServer(ingress: Ingress, path: string): Promise<FastifyInstance> {
  const paths = new Set(webhookPaths(path));

  function refuse(request: IncomingMessage, response: ServerResponse, answer: typeof NOT_FOUND): void {
    ingress.refusals.count(answer.status, answer === NOT_FOUND ? 'not-found' : 'malformed');
    answerHttp(request, response, answer);
  }

  const app = Fastify({
    logger: false,
    clientErrorHandler: (error, socket) => refuseMalformed(ingress, error, socket),
    // A URL that cannot be decoded.
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      refuse(request.raw, reply.raw, BAD_REQUEST);
    },
    serverFactory: (route) =>
      createServer(
        {
          keepAliveTimeout: KEEP_ALIVE_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          // Node allows a whole request the longer of the two, and by default looks for late ones only every 30 seconds.
          headersTimeout: REQUEST_TIMEOUT_MS,
          connectionsCheckingInterval: 1_000,
          // Checked below instead: Node would refuse the request without counting it.
          requireHostHeader: false,
        },
        (request, response) => {
          if (request.headers.host === undefined && request.httpVersion === '1.1')
            refuse(request, response, BAD_REQUEST);
          else route(request, response);
        },
      ),
    // On closing, idle connections end at once; busy ones are answered first.
    forceCloseConnections: 'idle',
    // Requests that still arrive on an open connection are received as usual: there is no need to fail them.
    return503OnClosing: false,
  });
  shareTurns(app.server);
  // Fastify supports only some methods by default; the others get 405 as well.
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  // Any other expectation is ignored instead of refused.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  // A client that asks before it sends its body is not told to go on if the request will be refused anyway.
  app.server.on('checkContinue', (request, response) => {
    const isLarge = Number(request.headers['content-length'] ?? 0) > ingress.maxBodyBytes;
    const isReceived = request.method === 'POST' && paths.has(request.url!.split('?', 1)[0]!);
    if (isReceived && !isLarge) response.writeContinue();
    app.server.emit('request', request, response);
  });
  // Without this, the bodies of requests for other paths would be read and parsed.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    reply.hijack();
    refuse(request.raw, reply.raw, NOT_FOUND);
  });
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  mountWebhook(app, ingress, path);
  return app;
}

/**
 * Answers the requests that have been sent, then closes. A request that is still incomplete when Xero would give up is
 * cut off.
 *
 * @param sockets the other sockets on which the server listens
 * @param deadlineMs cuts off earlier, if it is shorter than Xero's patience, in milliseconds
 */
export async function closeServer(app: FastifyInstance, sockets: ListeningSockets, deadlineMs: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), Math.min(XERO_PATIENCE_MS, deadlineMs));
  await Promise.all([app.close(), sockets.close()]);
  clearTimeout(late);
}
