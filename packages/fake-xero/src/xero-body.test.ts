import { fixedWidthDate, KNOWN_CATEGORIES, parsePayload } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';
import { xeroBody, xeroDate, xeroEvent } from './xero-body.ts';

const words = { type: 'update', resourceId: 'r-1', tenantId: 't-1', dateUtc: '2026-01-01T00:00:00.123' };

describe('a body like one of Xero', () => {
  it('parses to its events and their sequences', () => {
    const events = ['invoice', 'contact', 'creditnote'].map((category) => xeroEvent({ ...words, category }));
    expect(parsePayload(xeroBody(events, 76))).toEqual({
      outcome: 'events',
      events: events.map((event, index) => ({ event, sequence: 76 + index })),
      unreadable: [],
    });
  });

  it('has the fields that Xero sends, in its order', () => {
    const body = JSON.parse(xeroBody([xeroEvent({ ...words, category: 'invoice' })], 7).toString()) as object;
    expect(Object.keys(body)).toEqual(['events', 'firstEventSequence', 'lastEventSequence', 'entropy']);
    expect(body).toMatchObject({
      firstEventSequence: 7,
      lastEventSequence: 7,
      entropy: expect.stringMatching(/^[A-Z]{20}$/),
    });
  });

  it('is the check of the intent to receive where it has no events', () => {
    const body = xeroBody([], 0);
    expect(body.toString()).toMatch(
      /^\{"events":\[\],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "[A-Z]{20}"\}$/,
    );
    expect(parsePayload(body)).toEqual({ outcome: 'intent-to-receive' });
  });

  it('has irregular spaces: parsed and written again it has other bytes', () => {
    for (const events of [[], [xeroEvent({ ...words, category: 'payment' })]]) {
      const text = xeroBody(events, 1).toString();
      expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
    }
  });

  it('is never the same twice', () => {
    const bodies = Array.from({ length: 100 }, () => xeroBody([], 0).toString());
    expect(new Set(bodies).size).toBe(100);
  });
});

describe('an event like one of Xero', () => {
  it.each(KNOWN_CATEGORIES)('of the category %s is readable', (category) => {
    const parsed = parsePayload(xeroBody([xeroEvent({ ...words, category })], 1));
    expect(parsed).toMatchObject({
      outcome: 'events',
      events: [
        { event: { resourceId: 'r-1', tenantId: 't-1', eventCategory: category.toUpperCase(), eventType: 'UPDATE' } },
      ],
      unreadable: [],
    });
  });

  it('has the address of its resource, and data where Xero sends them', () => {
    expect(xeroEvent({ ...words, category: 'CreditNote', type: 'Create' })).toEqual({
      resourceUrl: 'https://api.xero.com/api.xro/2.0/CreditNotes/r-1',
      resourceId: 'r-1',
      tenantId: 't-1',
      tenantType: 'ORGANISATION',
      eventCategory: 'CREDITNOTE',
      eventType: 'CREATE',
      eventDateUtc: '2026-01-01T00:00:00.123',
      data: { Type: 'ACCRECCREDIT', Status: 'AUTHORISED' },
    });
    expect(xeroEvent({ ...words, category: 'prepayment' }).data).toMatchObject({
      UpdatedDateUTCString: '2026-01-01T00:00:00.123',
    });
    expect(xeroEvent({ ...words, category: 'invoice' })).not.toHaveProperty('data');
  });

  it('belongs to the application where it is of a subscription', () => {
    expect(xeroEvent({ ...words, category: 'subscription' })).toMatchObject({ tenantType: 'APPLICATION' });
  });

  it('may be of a category that nobody knows', () => {
    expect(xeroEvent({ ...words, category: 'payrun' })).toMatchObject({
      eventCategory: 'PAYRUN',
      resourceUrl: 'https://api.xero.com/',
    });
  });
});

describe('a date like one of Xero', () => {
  const time = new Date('2026-01-02T03:04:05.678Z');

  it('comes in each of the forms, one after the other', () => {
    expect(Array.from({ length: 7 }, (_, form) => xeroDate(time, form))).toEqual([
      '2026-01-02T03:04:05.678',
      '2026-01-02T03:04:05.678Z',
      '2026-01-02T03:04:05.67',
      '2026-01-02T03:04:05.6783333',
      '2026-01-02T03:04:05.6783333Z',
      '2026-01-02T03:04:05',
      '2026-01-02T03:04:05.678',
    ]);
  });

  it('is readable, and within a second of the time, in each form', () => {
    for (let form = 0; form < 12; form++) {
      expect(fixedWidthDate(xeroDate(time, form))).toMatch(/^2026-01-02T03:04:05\.\d{9}Z$/);
    }
  });
});
