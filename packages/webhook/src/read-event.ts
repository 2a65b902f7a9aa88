import type { XeroEvent } from './event.ts';
import { isEventDate } from './event-date.ts';

const ID = /^[A-Za-z0-9-]{1,64}$/;
const WORD = /^[A-Za-z]{1,40}$/;

const REQUIRED_FIELDS = {
  resourceId: { readable: (value: string) => ID.test(value), expected: '1 to 64 letters, digits or hyphens' },
  tenantId: { readable: (value: string) => ID.test(value), expected: '1 to 64 letters, digits or hyphens' },
  eventCategory: { readable: (value: string) => WORD.test(value), expected: '1 to 40 letters' },
  eventType: { readable: (value: string) => WORD.test(value), expected: '1 to 40 letters' },
  eventDateUtc: { readable: isEventDate, expected: 'a date' },
};
const FIELDS = Object.entries(REQUIRED_FIELDS);

/** Deeper than anything from Xero, and far below the thousands of levels at which serialising overflows the stack. */
const MAX_DEPTH = 100;

export type ReadEvent = { readable: true; event: XeroEvent } | { readable: false; detail: string };

/**
 * Checks that an entry of a payload's `events` can be named, keyed and routed.
 *
 * @param entry any JSON value
 * @returns the event as sent, or a sentence that says which field cannot be read and what was expected. The sentence
 *   never repeats the value.
 */
export function readEvent(entry: unknown): ReadEvent {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    return { readable: false, detail: 'the event is not an object' };
  }
  const fields = entry as Record<string, unknown>;
  for (const [name, { readable, expected }] of FIELDS) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined || value === null) return { readable: false, detail: `${name} is missing` };
    if (typeof value !== 'string') return { readable: false, detail: `${name} is not a string: expected ${expected}` };
    if (!readable(value)) return { readable: false, detail: `${name} is malformed: expected ${expected}` };
  }
  if (isDeeperThan(fields, MAX_DEPTH)) return { readable: false, detail: `it nests deeper than ${MAX_DEPTH} levels` };
  return { readable: true, event: fields as XeroEvent };
}

function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null && isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}
