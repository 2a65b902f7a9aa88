import { randomUUID } from 'node:crypto';
import { signedHeaders, xeroBody } from '@xero-webhooks/fake-xero';
import { makeEventJobs } from '../event-jobs.ts';

/** What the signatures are made with. */
export const WEBHOOK_KEY = 'bench-key';

/** A request with one event, as bytes, and the resource that the event is of. */
export type SignedEvent = { readonly resourceId: string; readonly request: Buffer };

/** Makes signed requests, each with an event of a resource of its own. */
export function signedEvents(count: number): SignedEvent[] {
  const tenants = Array.from({ length: 20 }, () => randomUUID());
  const resourceOf = (index: number) => ({ resourceId: randomUUID(), tenantId: tenants[index % tenants.length]! });
  return makeEventJobs({ count, resourceOf }).map(({ data: { event, sequence } }) => {
    const body = xeroBody([event], sequence!);
    const headers = { host: '127.0.0.1', 'content-length': String(body.length), ...signedHeaders(body, WEBHOOK_KEY) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return {
      resourceId: event.resourceId,
      request: Buffer.concat([Buffer.from(`POST /webhook HTTP/1.1\r\n${lines.join('')}\r\n`), body]),
    };
  });
}
