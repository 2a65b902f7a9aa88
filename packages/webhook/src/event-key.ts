import { createHash } from 'node:crypto';
import type { XeroEvent } from './event.ts';

/**
 * The key that identifies an event: Xero sends no event ID, but the same organisation, resource, category, type and
 * date are the same event. It serves as BullMQ's job id (28 characters, never all digits, no colon) and as the root
 * of the idempotency keys.
 *
 * @returns `x` and base64url of the first 20 bytes of SHA-256 over the JSON array
 *   `[tenantId, resourceId, CATEGORY, TYPE, eventDateUtc]`: ids in lower case, category and type in upper case,
 *   the date as sent
 */
export function eventKey(
  event: Pick<XeroEvent, 'tenantId' | 'resourceId' | 'eventCategory' | 'eventType' | 'eventDateUtc'>,
): string {
  const identity = JSON.stringify([
    event.tenantId.toLowerCase(),
    event.resourceId.toLowerCase(),
    event.eventCategory.toUpperCase(),
    event.eventType.toUpperCase(),
    event.eventDateUtc,
  ]);
  return `x${createHash('sha256').update(identity).digest().subarray(0, 20).toString('base64url')}`;
}
