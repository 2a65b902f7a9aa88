import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventKey } from './event-key.ts';

const event = {
  tenantId: 'aef86862-2015-4b6b-88bc-d89032cecc50',
  resourceId: '55d84274-a3da-4829-a7c0-0cab601b95cc',
  eventCategory: 'CREDITNOTE',
  eventType: 'CREATE',
  eventDateUtc: '2025-12-02T00:44:09.923',
};

describe('the key of an event', () => {
  it('is x and base64url of 20 bytes, the same in every release', () => {
    expect(eventKey(event)).toBe('xWHZh_MZRc9-bVwOZZ7i1F3xIzRc');
    expect(eventKey(event)).toMatch(/^x[\w-]{27}$/);
  });

  it('is what its definition says, for any event', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (tenantId, resourceId) => {
        const identity = JSON.stringify([tenantId, resourceId, 'CREDITNOTE', 'CREATE', event.eventDateUtc]);
        const digest = createHash('sha256').update(identity).digest().subarray(0, 20);
        expect(eventKey({ ...event, tenantId, resourceId })).toBe(`x${digest.toString('base64url')}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on the case of ids, category and type', () => {
    const shouted = {
      ...event,
      tenantId: event.tenantId.toUpperCase(),
      resourceId: event.resourceId.toUpperCase(),
      eventCategory: 'CreditNote',
      eventType: 'create',
    };
    expect(eventKey(shouted)).toBe(eventKey(event));
  });

  it('takes the date as sent: another form is another event', () => {
    expect(eventKey({ ...event, eventDateUtc: `${event.eventDateUtc}Z` })).not.toBe(eventKey(event));
  });

  it.each(['tenantId', 'resourceId', 'eventCategory', 'eventType', 'eventDateUtc'] as const)(
    'changes with %s',
    (field) => {
      expect(eventKey({ ...event, [field]: `${event[field]}a` })).not.toBe(eventKey(event));
    },
  );

  it('does not change with what else an event carries', () => {
    const other = { data: { Status: 'DRAFT' }, resourceUrl: 'x' };
    expect(eventKey({ ...event, ...other })).toBe(eventKey(event));
  });

  it('does not let a part run over into its neighbour', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (a, b) => {
        const left = eventKey({ ...event, tenantId: a + b, resourceId: '' });
        const right = eventKey({ ...event, tenantId: a, resourceId: b });
        expect(left).not.toBe(right);
      }),
    );
  });
});
