import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';
import { checkEventName } from './check-event-name.ts';

describe('the name of an event', () => {
  it.each([...KNOWN_EVENT_NAMES, '*'])('%s is known', (name) => {
    expect(checkEventName(name)).toEqual({ check: 'known' });
  });

  it('may be another word that is known in its place', () => {
    const others = ['intent-to-receive'];
    expect(checkEventName('intent-to-receive', others)).toEqual({ check: 'known' });
    for (const slip of ['intent-to-recieve', 'Intent To Receive', 'intent_to_receive', 'intenttoreceive']) {
      expect(checkEventName(slip, others)).toEqual({ check: 'impossible', didYouMean: 'intent-to-receive' });
    }
    expect(checkEventName('invoice.update', others)).toEqual({ check: 'impossible', didYouMean: 'invoice.updated' });
  });

  it.each([
    'payrun.approve',
    'payrun.created',
    'quote.created',
    'item.updated',
    'account.updated',
    'purchaseorder.created',
    'banktransaction.created',
    'contactgroup.updated',
    'invoice.deleted',
    'invoice.voided',
    'invoice.paid',
    'contact.archived',
    'payment.deleted',
  ])('%s is unknown, but may come one day', (name) => {
    expect(checkEventName(name)).toEqual({ check: 'unknown' });
  });

  it.each([
    ['invoices.created', 'invoice.created'],
    ['invoice.create', 'invoice.created'],
    ['invoice.update', 'invoice.updated'],
    ['invoices.update', 'invoice.updated'],
    ['contcat.updated', 'contact.updated'],
    ['invoice.udpated', 'invoice.updated'],
    ['INVOICE.UPDATE', 'invoice.updated'],
    ['Invoice.Updated', 'invoice.updated'],
    [' invoice.updated ', 'invoice.updated'],
    ['invoice/updated', 'invoice.updated'],
    ['invoice:updated', 'invoice.updated'],
    ['invoiceupdated', 'invoice.updated'],
    ['credit_note.created', 'creditnote.created'],
    ['credit-note.created', 'creditnote.created'],
    ['CreditNote.Created', 'creditnote.created'],
    ['pre-payment.updated', 'prepayment.updated'],
  ])('%j is impossible, and close to %s', (name, didYouMean) => {
    expect(checkEventName(name)).toEqual({ check: 'impossible', didYouMean });
  });

  it.each([
    ['payrun.create', 'payrun.created'],
    ['quote.update', 'quote.updated'],
  ])('%s is impossible, and %s is meant though nobody knows its category', (name, didYouMean) => {
    expect(checkEventName(name)).toEqual({ check: 'impossible', didYouMean });
  });

  it.each([
    '',
    'invoice',
    '.',
    'invoice.',
    'invoice.*',
    '**',
    'a.b.c',
    'pay run.approved',
    `${'x'.repeat(41)}.created`,
  ])('%j is impossible, and close to nothing', (name) => {
    expect(checkEventName(name)).toEqual({ check: 'impossible', didYouMean: undefined });
  });
});
