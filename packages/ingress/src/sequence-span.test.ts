import { parsePayload } from '@xero-webhooks/webhook';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import { sequenceSpan } from './sequence-span.ts';

const event = () =>
  xeroEvent({ category: 'invoice', type: 'update', resourceId: 'i', tenantId: 't', dateUtc: '2026-01-01T00:00:00' });

function spanOf(events: readonly object[], first: number) {
  const payload = parsePayload(xeroBody(events as never, first));
  return payload.outcome === 'events' ? sequenceSpan(payload) : undefined;
}

it.each([
  ['one event', [event()], { first: 7, last: 7 }],
  ['several', [event(), event(), event()], { first: 7, last: 9 }],
  ['unreadable ones at both ends', [{}, {}, event(), {}, event(), {}], { first: 7, last: 12 }],
  ['unreadable ones at the end', [event(), {}], { first: 7, last: 8 }],
  ['nothing readable', [{}, {}], undefined],
])('the numbers of a payload with %s are those of all its events', (_what, events, span) => {
  expect(spanOf(events, 7)).toEqual(span);
});
