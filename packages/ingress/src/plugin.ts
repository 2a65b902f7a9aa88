import type { Log } from '@xero-webhooks/runtime';
import { errorFields } from '@xero-webhooks/runtime';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { handleHttp } from './http-handler.ts';
import type { Ingress, IngressOptions } from './ingress.ts';
import { openIngress } from './ingress.ts';

export type XeroWebhooksOptions = (Omit<IngressOptions, 'log'> | { ingress: Ingress }) & {
  /** Where Xero's requests arrive. @defaultValue `/webhook` */
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
 * application's hooks can add neither body nor cookie to its answers.
 *
 * @throws CodedError as `openIngress`, when the application gets ready
 */
export const xeroWebhooks: FastifyPluginAsync<XeroWebhooksOptions> = async (app, options) => {
  const ingress = 'ingress' in options ? options.ingress : await openIngress({ ...options, log: quietLog(app) });
  if (!('ingress' in options)) app.addHook('onClose', () => ingress.close());

  app.all(options.path ?? '/webhook', {
    // The earliest point of a route: before anybody looks at the content type, reads or parses. The signature is over the
    // bytes. From here on the response is ours, out of the reach of the application's later hooks.
    onRequest: async (request, reply) => {
      reply.hijack();
      await handleHttp(ingress, request.raw, reply.raw);
    },
    handler: neverReached,
  });
};

/** The application's own log would write out the whole command, and with it the events, that an error of Redis is about. */
function quietLog(app: FastifyInstance): Log {
  return app.log.child({}, { serializers: { err: errorFields } });
}

async function neverReached(): Promise<never> {
  throw new Error('the request was answered before');
}
