import { createSignatureCheck, parsePayload, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import { expect, it } from 'vitest';
import { sampleEvent } from './sample-event.ts';
import { signedRequest } from './signed-request.ts';

const KEY = 'a-webhook-key';

it('a signed request holds its events, and its signature fits its bytes', () => {
  const own = sampleEvent('contact.updated', { resourceId: 'c-1', tenantId: 't-1' });
  const { method, headers, body } = signedRequest(['invoice.created', own], KEY);
  const bytes = Buffer.from(body);
  expect(method).toBe('POST');
  expect(createSignatureCheck([KEY])(bytes, headers[SIGNATURE_HEADER])).toEqual({ matched: true, keyIndex: 0 });
  const parsed = parsePayload(bytes);
  const events = parsed.outcome === 'events' ? parsed.events.map(({ event }) => event) : [];
  expect(events).toEqual([
    expect.objectContaining({ eventCategory: 'INVOICE', eventType: 'CREATE', tenantType: 'ORGANISATION' }),
    own,
  ]);
});

it('a signed request without events is the check of the intent to receive', () => {
  const { body } = signedRequest([], KEY);
  expect(parsePayload(Buffer.from(body)).outcome).toBe('intent-to-receive');
});
