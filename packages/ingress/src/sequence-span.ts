import type { SequenceSpan } from '@xero-webhooks/queue';
import type { ParsedPayload } from '@xero-webhooks/webhook';

/** The numbers that Xero gave the events of a payload, the unreadable ones included; `undefined` where they did not fit. */
export function sequenceSpan({
  events,
  unreadable,
}: Extract<ParsedPayload, { outcome: 'events' }>): SequenceSpan | undefined {
  const [readable] = events;
  if (!readable || readable.sequence === null) return undefined;
  const gap = unreadable.findIndex(({ index }, place) => index !== place);
  const before = gap === -1 ? unreadable.length : gap;
  const first = readable.sequence - before;
  return { first, last: first + events.length + unreadable.length - 1 };
}
