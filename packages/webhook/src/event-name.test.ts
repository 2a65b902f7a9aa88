import { describe, expect, it } from 'vitest';
import { eventName, KNOWN_EVENT_NAMES } from './event-name.ts';

describe('the name of an event', () => {
  it.each([
    ['INVOICE', 'CREATE', 'invoice.created'],
    ['INVOICE', 'UPDATE', 'invoice.updated'],
    ['INVOICE', 'Update', 'invoice.updated'],
    ['CREDITNOTE', 'CREATE', 'creditnote.created'],
    ['CreditNote', 'create', 'creditnote.created'],
    ['PAYRUN', 'APPROVE', 'payrun.approve'],
    ['payrun', 'constructor', 'payrun.constructor'],
    ['CONTACT', 'toString', 'contact.tostring'],
  ])('of %s and %s is %s', (eventCategory, eventType, expected) => {
    expect(eventName({ eventCategory, eventType })).toBe(expected);
  });

  it('is known for each of the seven categories and two types', () => {
    expect(KNOWN_EVENT_NAMES).toHaveLength(14);
    expect(KNOWN_EVENT_NAMES).toContain('overpayment.updated');
  });
});
