import { randomBytes, randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import { eventJob } from '@xero-webhooks/queue';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { parsePayload } from '@xero-webhooks/webhook';

/** How long the body of a request with one event is, in bytes. */
export const BODY_BYTES = 600;

/** The organisations that events belong to. */
const TENANTS = Array.from({ length: 20 }, () => randomUUID());

type Options = {
  count: number;
  /** The resource of the event at a place from 0 on. @defaultValue one of its own for each */
  resourceOf?: (index: number) => { resourceId: string; tenantId: string };
};

/** A resource that no other event is of. */
export function newResource(index: number): { resourceId: string; tenantId: string } {
  return { resourceId: randomUUID(), tenantId: TENANTS[index % TENANTS.length]! };
}

/** Makes the jobs of new events as the ingress does: each from the body of a request of its own. */
export function makeEventJobs({ count, resourceOf = newResource }: Options): EventJob[] {
  const first = Date.now();
  const process = randomBytes(6).toString('base64url');
  return Array.from({ length: count }, (_, index) => {
    const body = bodyOf(resourceOf(index), new Date(first + index), index + 1);
    const payload = parsePayload(body);
    if (payload.outcome !== 'events') throw new TypeError('the body cannot be read');
    const { event, sequence } = payload.events[0]!;
    return eventJob({
      event,
      sequence,
      receivedAt: Date.now(),
      deliveryId: `${process}-${index.toString(36)}`,
      source: 'webhook',
    });
  });
}

function bodyOf(resource: { resourceId: string; tenantId: string }, time: Date, sequence: number): Buffer {
  const event = xeroEvent({ category: 'invoice', type: 'update', dateUtc: time.toISOString(), ...resource });
  const data = { Type: 'ACCREC', Status: 'AUTHORISED', Reference: '' };
  const missing = BODY_BYTES - xeroBody([{ ...event, data }], sequence).length;
  return xeroBody([{ ...event, data: { ...data, Reference: 'x'.repeat(missing) } }], sequence);
}
