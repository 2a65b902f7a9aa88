export type { Answer } from './answer.ts';
export { handleHttp } from './http-handler.ts';
export { openIngress } from './ingress.ts';
export type { Ingress, IngressOptions } from './ingress.ts';
export { xeroWebhooks } from './plugin.ts';
export type { XeroWebhooksOptions } from './plugin.ts';
