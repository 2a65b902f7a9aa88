import { isUtf8 } from 'node:buffer';
import type { XeroEvent } from './event.ts';
import { readEvent } from './read-event.ts';

/** `sequence` is its place in Xero's sequence, if the payload's bounds match the number of events. */
export type SequencedEvent = { event: XeroEvent; sequence: number | null };

/** An entry of `events` that cannot be read: its place in the list, from 0, and why. */
export type UnreadableEntry = { index: number; detail: string };

/** Why a whole body could not be read. */
export type UnreadableCause = 'not-utf8' | 'not-json' | 'not-an-object' | 'no-events-list';

export type ParsedPayload =
  | { outcome: 'intent-to-receive' }
  | { outcome: 'events'; events: SequencedEvent[]; unreadable: UnreadableEntry[] }
  | { outcome: 'unreadable'; cause: UnreadableCause; detail: string };

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Parses the body of a webhook request. Verify its signature first.
 *
 * An empty or `null` list of events is what Xero sends to check the intent to receive. Entries that cannot be read do
 * not affect the others. It never throws.
 *
 * @param rawBody the bytes as received
 */
export function parsePayload(rawBody: Uint8Array): ParsedPayload {
  if (!isUtf8(rawBody)) return unreadable('not-utf8', 'the body is not valid UTF-8');
  const text = Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength).toString('utf8');

  let body: unknown;
  try {
    body = JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  } catch {
    return unreadable('not-json', 'the body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return unreadable('not-an-object', 'the body is not a JSON object');
  }
  const { events, firstEventSequence, lastEventSequence } = body as Record<string, unknown>;
  if (!Object.hasOwn(body, 'events') || (events !== null && !Array.isArray(events))) {
    return unreadable('no-events-list', 'the body has no list named "events"');
  }
  if (events === null || events.length === 0) return { outcome: 'intent-to-receive' };

  const first = firstSequence(events.length, firstEventSequence, lastEventSequence);
  return readEntries(events, first);
}

function readEntries(entries: readonly unknown[], first: number | null): ParsedPayload {
  const events: SequencedEvent[] = [];
  const unreadableEntries: UnreadableEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readEvent(entry);
    if (read.readable) events.push({ event: read.event, sequence: first === null ? null : first + index });
    else unreadableEntries.push({ index, detail: read.detail });
  }
  return { outcome: 'events', events, unreadable: unreadableEntries };
}

/** The number of the first event, unless the bounds are missing or do not match the count. */
function firstSequence(count: number, first: unknown, last: unknown): number | null {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return null;
  return (last as number) - (first as number) + 1 === count ? (first as number) : null;
}

function unreadable(cause: UnreadableCause, detail: string): ParsedPayload {
  return { outcome: 'unreadable', cause, detail };
}
