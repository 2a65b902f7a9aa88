import { randomUUID } from 'node:crypto';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
import { eventType } from '@xero-webhooks/webhook';

/** The organisation of sample events. */
const TENANT_ID = 'c3d5e782-2153-4cda-bdb4-cec791ceb90d';

/**
 * An event as Xero sends it, of a new resource, now.
 *
 * @param name such as `invoice.updated`
 * @param over fields that are to be others
 */
export function sampleEvent(name: KnownEventName | (string & {}), over: Partial<XeroEvent> = {}): XeroEvent {
  const [category = '', verb = ''] = name.split('.');
  const { resourceId = randomUUID(), tenantId = TENANT_ID } = over;
  const dateUtc = over.eventDateUtc ?? new Date().toISOString().slice(0, -1);
  return { ...xeroEvent({ category, type: eventType(verb), resourceId, tenantId, dateUtc }), ...over };
}
