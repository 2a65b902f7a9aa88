import { randomBytes, randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import { eventJob } from '@xero-webhooks/queue';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { parsePayload } from '@xero-webhooks/webhook';
import type { XeroEvent } from '@xero-webhooks/webhook';

/** The length of a request body with one event, in bytes. */
export const BODY_BYTES = 600;

type Resource = { resourceId: string; tenantId: string };

type Options = {
  count: number;
  /** The resource of each event, by its index from 0. @defaultValue a new one for each */
  resourceOf?: (index: number) => Resource;
};

/** A function that returns a new resource at each call, spread evenly over some new organisations. */
export function newResources(organisations = 20): (index: number) => Resource {
  const tenantIds = Array.from({ length: organisations }, () => randomUUID());
  return (index) => ({ resourceId: randomUUID(), tenantId: tenantIds[index % organisations]! });
}

/** Jobs of new events, made as the ingress makes them, each from a request body of its own. */
export function makeEventJobs({ count, resourceOf = newResources() }: Options): EventJob[] {
  const start = Date.now();
  const process = randomBytes(6).toString('base64url');
  return Array.from({ length: count }, (_, index) => {
    const made = paddedEvent(resourceOf(index), new Date(start + index), index + 1);
    const payload = parsePayload(xeroBody([made], index + 1));
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

/** An endless supply of request bodies, each with new events. */
export function* eventBodies(eventsEach: number): Generator<{ body: Buffer; resourceIds: string[] }, never> {
  const start = Date.now();
  const resourceOf = newResources();
  for (let first = 1; ; first += eventsEach) {
    const events = Array.from({ length: eventsEach }, (_, index) =>
      paddedEvent(resourceOf(first + index), new Date(start + first + index), first),
    );
    yield { body: xeroBody(events, first), resourceIds: events.map(({ resourceId }) => resourceId) };
  }
}

/** An event whose body has `BODY_BYTES` if it is alone in it. */
function paddedEvent(resource: Resource, time: Date, sequence: number): XeroEvent {
  const event = xeroEvent({ category: 'invoice', type: 'update', dateUtc: time.toISOString(), ...resource });
  const data = { Type: 'ACCREC', Status: 'AUTHORISED', Reference: '' };
  const missing = BODY_BYTES - xeroBody([{ ...event, data }], sequence).length;
  return { ...event, data: { ...data, Reference: 'x'.repeat(missing) } };
}
