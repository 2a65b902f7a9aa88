import { describe, expect, it } from 'vitest';
import { parseEventName } from './event-name.ts';

describe('the name of an event to simulate', () => {
  it('is taken apart, one that Xero does not document too', () => {
    expect(parseEventName('invoice.updated')).toMatchObject({ category: 'invoice', verb: 'updated', documented: true });
    expect(parseEventName('payrun.created')).toMatchObject({ category: 'payrun', verb: 'created', documented: false });
    expect(parseEventName('invoice.approved')).toMatchObject({
      category: 'invoice',
      verb: 'approved',
      documented: false,
    });
  });

  it.each([
    ['invoice.update', 'did you mean invoice.updated?'],
    ['invoices.created', 'did you mean invoice.created?'],
    ['Invoice.Updated', 'did you mean invoice.updated?'],
    ['payrun.create', 'did you mean payrun.created?'],
    ['intent-to-recieve', 'did you mean intent-to-receive?'],
    ['invoice', 'it must be one of contact.created, contact.updated, '],
    ['*', 'it must be one of contact.created, contact.updated, '],
    ['', 'it must be one of contact.created, contact.updated, '],
    ['a.b.c', 'it must be one of contact.created, contact.updated, '],
    ['intent-to-receive', 'it must be one of contact.created, contact.updated, '],
  ])('is refused as %j, with what was meant', (name, remedy) => {
    expect(() => parseEventName(name)).toThrow(
      expect.objectContaining({
        code: 'XW_EVENT_NAME',
        exitCode: 2,
        message: expect.stringContaining(`unknown event ${JSON.stringify(name)}: ${remedy}`),
      }),
    );
  });
});
