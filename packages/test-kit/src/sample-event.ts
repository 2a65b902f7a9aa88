import { randomUUID } from 'node:crypto';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';

/** The organisation of sample events. */
const TENANT_ID = 'c3d5e782-2153-4cda-bdb4-cec791ceb90d';

/** Xero's types as event names have them. */
const TYPES: Readonly<Record<string, string>> = { created: 'CREATE', updated: 'UPDATE' };

/**
 * An event as Xero sends it, of a new resource, now.
 *
 * @param name such as `invoice.updated`
 * @param over fields that are to be others
 */
export function sampleEvent(name: KnownEventName | (string & {}), over: Partial<XeroEvent> = {}): XeroEvent {
  const [category = '', type = ''] = name.split('.');
  const { resourceId = randomUUID(), tenantId = TENANT_ID } = over;
  const dateUtc = over.eventDateUtc ?? new Date().toISOString().slice(0, -1);
  return { ...xeroEvent({ category, type: TYPES[type] ?? type, resourceId, tenantId, dateUtc }), ...over };
}
