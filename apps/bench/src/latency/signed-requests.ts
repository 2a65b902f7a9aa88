import { signedHeaders } from '@xero-webhooks/fake-xero';
import { eventBodies } from '../harness/events.ts';
import { WEBHOOK_KEY } from '../harness/receiver.ts';

/** A raw request with one event, and the event's resource. */
export type SignedRequest = { readonly resourceId: string; readonly request: Buffer };

/** Each event has a resource of its own. */
export function signedRequests(count: number): SignedRequest[] {
  return eventBodies(1)
    .take(count)
    .map(({ body, resourceIds: [resourceId] }) => {
      const headers = { host: '127.0.0.1', 'content-length': String(body.length), ...signedHeaders(body, WEBHOOK_KEY) };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return {
        resourceId: resourceId!,
        request: Buffer.concat([Buffer.from(`POST /webhook HTTP/1.1\r\n${lines.join('')}\r\n`), body]),
      };
    })
    .toArray();
}
