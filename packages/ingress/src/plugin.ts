import type { Log } from '@xero-webhooks/runtime';
import { errorFields } from '@xero-webhooks/runtime';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleHttp } from './http-handler.ts';
import type { Ingress, IngressOptions } from './ingress.ts';
import { openIngress } from './ingress.ts';
import { webhookPaths } from './webhook-path.ts';

export type XeroWebhooksOptions = (Omit<IngressOptions, 'log'> | { ingress: Ingress }) & {
  /** Where Xero's requests arrive; with or without a slash at its end, both are received. @defaultValue `/webhook` */
  path?: string;
};

/**
 * A Fastify plugin that receives Xero's webhooks inside any Fastify application:
 *
 * ```ts
 * await app.register(xeroWebhooks, { keys: [process.env.XERO_WEBHOOK_KEY], redis: 'redis://127.0.0.1:6379' });
 * ```
 *
 * It is encapsulated: it reads the raw body itself and does not touch the application's other routes, and the
 * application's hooks can add neither body nor cookie to its answers. It warns of requests with Xero's signature for
 * which the application has no route.
 *
 * @throws CodedError as `openIngress`, when the application gets ready
 */
export const xeroWebhooks: FastifyPluginAsync<XeroWebhooksOptions> = async (app, options) => {
  const ingress = 'ingress' in options ? options.ingress : await openIngress({ ...options, log: quietLog(app) });
  if (!('ingress' in options)) app.addHook('onClose', () => ingress.close());

  const path = options.path ?? '/webhook';
  for (const url of webhookPaths(path)) {
    if (url !== path && isTaken(app, url)) continue;
    app.all(url, {
      // The earliest point of a route: before anybody looks at the content type, reads or parses. The signature is over
      // the bytes. From here on the response is ours, out of the reach of the application's later hooks.
      onRequest: async (request, reply) => {
        reply.hijack();
        await handleHttp(ingress, request.raw, reply.raw);
      },
      handler: neverReached,
    });
  }
  watchForMisdirected(app, ingress, app.prefix + path);
};

/** Whether the application has a route there already, or takes paths with and without a slash at the end for the same. */
function isTaken({ initialConfig, hasRoute, prefix }: FastifyInstance, url: string): boolean {
  const { ignoreTrailingSlash = false, routerOptions = {} } = initialConfig;
  return (
    ignoreTrailingSlash || routerOptions.ignoreTrailingSlash === true || hasRoute({ method: 'POST', url: prefix + url })
  );
}

/** An encapsulated plugin does not see what the application answers 404; the server does. */
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

/** The application's own log would write out the whole command, and with it the events, that an error of Redis is about. */
function quietLog(app: FastifyInstance): Log {
  return app.log.child({}, { serializers: { err: errorFields } });
}

async function neverReached(): Promise<never> {
  throw new Error('the request was answered before');
}
