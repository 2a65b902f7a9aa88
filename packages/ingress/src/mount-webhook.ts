import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import { answerHttp } from './answer-http.ts';
import type { Ingress } from './ingress.ts';
import { webhookPaths } from './webhook-paths.ts';

/**
 * Adds the webhook's routes to a Fastify application.
 *
 * @param path with or without a slash at its end: both are received, unless the application has a route of its own there
 */
export function mountWebhook(app: FastifyInstance, ingress: Ingress, path: string): void {
  async function receive(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack();
    const handled = await ingress.handle(request.raw);
    if (handled.outcome === 'answer') answerHttp(request.raw, reply.raw, handled.answer);
  }

  for (const url of webhookPaths(path)) {
    if (url !== path && isTaken(app, url)) continue;
    // A route is received at its earliest point, before anything looks at the content type, reads the body or parses it:
    // the signature is over the raw bytes. Later hooks of the application cannot touch the response any more. Fastify
    // insists on a handler, too.
    app.all(url, { onRequest: receive, handler: receive });
  }
  watchForMisdirected(app, ingress, app.prefix + path);
}

/** Whether the application has a route there already, or treats paths with and without a slash at the end as the same. */
function isTaken({ initialConfig, hasRoute, prefix }: FastifyInstance, url: string): boolean {
  const { ignoreTrailingSlash = false, routerOptions = {} } = initialConfig;
  return (
    ignoreTrailingSlash || routerOptions.ignoreTrailingSlash === true || hasRoute({ method: 'POST', url: prefix + url })
  );
}

/** An encapsulated plugin does not see which requests the application answers with 404; the server does. */
function watchForMisdirected(app: FastifyInstance, { refusals }: Ingress, path: string): void {
  const received = new Set(webhookPaths(path));
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    if (received.has(url) || request.headers[SIGNATURE_HEADER] === undefined) return;
    response.once('finish', () => {
      if (response.statusCode === 404) refusals.misdirected(url, path);
    });
  }
  app.server.on('request', onRequest);
  app.addHook('onClose', async () => void app.server.off('request', onRequest));
}
