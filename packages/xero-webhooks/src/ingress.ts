/**
 * Receiving webhooks in a server of your own: a Fastify plugin, and what any other server needs.
 *
 * ```ts
 * const ingress = await openIngress({ keys: [process.env.XERO_WEBHOOK_KEY], redis: 'redis://127.0.0.1:6379' });
 * const { status, headers, body } = await ingress.receive(rawBody, requestHeaders);
 * ```
 */
export { answerHttp, openHostIngress as openIngress, xeroWebhooks } from '@xero-webhooks/ingress';
export type {
  Answer,
  Handled,
  HostIngress as Ingress,
  HostIngressOptions as IngressOptions,
  RequestHeaders,
  XeroWebhooksOptions,
} from '@xero-webhooks/ingress';
