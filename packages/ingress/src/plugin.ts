import type { FastifyPluginAsync } from 'fastify';
import { INGRESS_DEFAULTS } from './defaults.ts';
import { redactingLog } from './host-ingress.ts';
import type { HostIngressOptions } from './host-options.ts';
import { checkHostOptions } from './host-options.ts';
import { openIngress } from './ingress.ts';
import { mountWebhook } from './mount-webhook.ts';

export type XeroWebhooksOptions = Omit<HostIngressOptions, 'log'> & {
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
 * It is encapsulated: it reads the raw body itself and leaves the application's other routes alone, and the application's
 * hooks can add neither a body nor a cookie to its answers. It logs a warning when a request with Xero's signature gets
 * 404 from the application.
 *
 * @throws CodedError as `openIngress`, when the application gets ready
 */
export const xeroWebhooks: FastifyPluginAsync<XeroWebhooksOptions> = async (app, options) => {
  checkHostOptions(options);
  const ingress = await openIngress({ ...options, log: redactingLog(app.log) });
  app.addHook('onClose', () => ingress.close());
  mountWebhook(app, ingress, options.path ?? INGRESS_DEFAULTS.path);
};
