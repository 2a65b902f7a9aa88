import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePayload } from './payload.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const event = {
  resourceUrl: 'https://api.xero.com/api.xro/2.0/Contacts/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
  resourceId: '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
  tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
  tenantType: 'ORGANISATION',
  eventCategory: 'CONTACT',
  eventType: 'UPDATE',
  eventDateUtc: '2017-06-21T01:15:39.902',
};
const payload = (events: unknown, rest: object = {}): Buffer => bytes(JSON.stringify({ events, ...rest }));

describe('a payload', () => {
  it.each([
    '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "LUWDSUDGSWNZVALZXBEV"}',
    '{"events":null}',
    '{"events":[]}',
  ])('without events is the check of the intent to receive: %s', (body) => {
    expect(parsePayload(bytes(body))).toEqual({ outcome: 'intent-to-receive' });
  });

  it('gives each event as sent, with its sequence', () => {
    const second = { ...event, data: { Type: 'ACCPAYCREDIT' }, somethingNew: [1, { a: null }] };
    expect(parsePayload(payload([event, second], { firstEventSequence: 76, lastEventSequence: 77 }))).toEqual({
      outcome: 'events',
      events: [
        { event, sequence: 76 },
        { event: second, sequence: 77 },
      ],
      unreadable: [],
    });
  });

  it.each([{}, { firstEventSequence: 1, lastEventSequence: 9 }, { firstEventSequence: '1', lastEventSequence: 1 }])(
    'whose bounds do not fit its events has no sequences: %j',
    (bounds) => {
      expect(parsePayload(payload([event], bounds))).toMatchObject({ events: [{ sequence: null }] });
    },
  );

  it('with a byte order mark is read', () => {
    expect(parsePayload(bytes('\ufeff{"events":[]}'))).toEqual({ outcome: 'intent-to-receive' });
  });

  it.each([
    ['not-utf8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['not-json', bytes('')],
    ['not-json', bytes('{"events":[')],
    ['not-an-object', bytes('[]')],
    ['not-an-object', bytes('null')],
    ['not-an-object', bytes('"events"')],
    ['no-events-list', bytes('{}')],
    ['no-events-list', bytes('{"events":{}}')],
    ['no-events-list', bytes('{"__proto__":{"events":[]}}')],
    ['no-events-list', bytes('{"Events":[]}')],
  ])('that is %s as a whole says so', (cause, body) => {
    expect(parsePayload(body)).toMatchObject({ outcome: 'unreadable', cause });
  });

  it.each([
    ['the event is not an object', 7],
    ['the event is not an object', null],
    ['the event is not an object', [event]],
    ['resourceId is missing', { ...event, resourceId: undefined }],
    ['resourceId is missing', { ...event, resourceId: null }],
    ['tenantId is not a string', { ...event, tenantId: 5 }],
    ['tenantId is malformed', { ...event, tenantId: '../x' }],
    ['resourceId is malformed', { ...event, resourceId: 'a'.repeat(65) }],
    ['resourceId is malformed', { ...event, resourceId: 'abc\n' }],
    ['eventCategory is malformed', { ...event, eventCategory: 'CREDIT_NOTE' }],
    ['eventType is malformed', { ...event, eventType: '' }],
    ['eventDateUtc is malformed', { ...event, eventDateUtc: 'soon' }],
    ['it nests deeper than 100 levels', { ...event, data: nested(200) }],
  ])('keeps its readable events where %s', (detail, entry) => {
    const parsed = parsePayload(payload([entry, event], { firstEventSequence: 1, lastEventSequence: 2 }));
    expect(parsed).toEqual({
      outcome: 'events',
      events: [{ event, sequence: 2 }],
      unreadable: [{ index: 0, detail: expect.stringContaining(detail) }],
    });
  });

  it('keeps an own __proto__ of an event away from its prototype', () => {
    const body = JSON.stringify({ events: [event] }).replace(
      '{"resourceUrl"',
      '{"__proto__":{"tenantId":"x"},"resourceUrl"',
    );
    const parsed = parsePayload(bytes(body));
    if (parsed.outcome !== 'events') throw new Error('expected events');
    expect(Object.getPrototypeOf(parsed.events[0]!.event)).toBe(Object.prototype);
    expect(parsed.events[0]!.event.tenantId).toBe(event.tenantId);
  });

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (body) => void parsePayload(body)));
  });

  it('never throws on any JSON, and accounts for every entry', () => {
    const entries = fc.array(fc.oneof(fc.jsonValue(), fc.record({ ...recordOf(event) }, { requiredKeys: [] })));
    fc.assert(
      fc.property(entries, (list) => {
        const parsed = parsePayload(payload(list));
        if (list.length === 0) expect(parsed.outcome).toBe('intent-to-receive');
        else if (parsed.outcome !== 'events') throw new Error('expected events');
        else expect(parsed.events.length + parsed.unreadable.length).toBe(list.length);
      }),
    );
  });
});

function recordOf(sample: Record<string, string>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries(sample).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]),
  );
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}
