import { randomBytes } from 'node:crypto';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { isAppCategory, isResourceCategory, RESOURCE_KINDS } from '@xero-webhooks/webhook';
import { SAMPLES } from './samples.ts';

type EventOptions = {
  category: string;
  type: string;
  resourceId: string;
  tenantId: string;
  /** As Xero would send it: see `xeroDate`. */
  dateUtc: string;
};

/** An event with the fields that Xero sends for its category. */
export function xeroEvent({ category, type, resourceId, tenantId, dateUtc }: EventOptions): XeroEvent {
  const known = category.toLowerCase();
  const kind = isResourceCategory(known) ? { ...RESOURCE_KINDS[known], ...SAMPLES[known] } : undefined;
  const data = kind?.eventData?.(dateUtc);
  return {
    resourceUrl: kind ? `https://api.xero.com/api.xro/2.0/${kind.path}/${resourceId}` : 'https://api.xero.com/',
    resourceId,
    tenantId,
    tenantType: isAppCategory(category) ? 'APPLICATION' : 'ORGANISATION',
    eventCategory: category.toUpperCase(),
    eventType: type.toUpperCase(),
    eventDateUtc: dateUtc,
    ...(data && { data }),
  };
}

/**
 * A time in one of the forms that Xero sends: with and without `Z`, with none, two, three or seven digits.
 *
 * @param form which of the forms, any whole number from 0
 */
export function xeroDate(time: Date, form: number): string {
  const iso = time.toISOString();
  const bare = iso.slice(0, -1);
  const forms = [bare, iso, iso.slice(0, 22), `${bare}3333`, `${bare}3333Z`, iso.slice(0, 19)];
  return forms[form % forms.length]!;
}

/**
 * A body with the irregular spaces that Xero sends: parsing and serialising it again gives different bytes.
 *
 * @param firstSequence the number of the first event; 0 without events is the intent-to-receive check
 */
export function xeroBody(events: readonly XeroEvent[], firstSequence: number): Buffer {
  const last = Math.max(firstSequence, firstSequence + events.length - 1);
  const entropy = randomBytes(20)
    .toString('base64')
    .replaceAll(/[^A-Z]/gi, 'X')
    .toUpperCase()
    .slice(0, 20);
  const list = events.map((event) => JSON.stringify(event)).join(',');
  return Buffer.from(
    `{"events":[${list}],"firstEventSequence": ${firstSequence},"lastEventSequence": ${last}, "entropy": "${entropy}"}`,
  );
}
