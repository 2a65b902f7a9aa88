import { hash } from 'node:crypto';
import type { XeroEvent } from './event.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 20 bytes are 26 characters of base64url, and four of the six bits of one more. */
const WHOLE = 26;
const LAST_BITS = 0b111100;

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
  // One call that returns text takes a quarter of the time of a hash object and its bytes.
  const digest = hash('sha256', identity, 'base64url');
  return `x${digest.slice(0, WHOLE)}${ALPHABET[ALPHABET.indexOf(digest[WHOLE]!) & LAST_BITS]!}`;
}
