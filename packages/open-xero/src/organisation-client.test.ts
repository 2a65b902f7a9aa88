import type { XeroReader } from '@xero-webhooks/xero';
import { expect, it } from 'vitest';
import { organisationClient } from './organisation-client.ts';

it('a list goes on with the page at which it had to wait, however often', async () => {
  const asked: string[] = [];
  const reader: XeroReader = {
    // As for a list of a handler that has begun too often.
    unfinishedLists: { add: () => true },
    resource: () => Promise.reject(new Error('not asked for')),
    async one({ call, pick }) {
      asked.push(call.query ?? '');
      if (asked.length % 3 !== 0) return { outcome: 'parked', delayMs: 1, reason: 'the minute limit' };
      const page = asked.length / 3;
      return { outcome: 'read', value: pick({ Invoices: [{ InvoiceID: page }], pagination: { pageCount: 3 } }) };
    },
  };
  const { signal } = new AbortController();
  const ids: unknown[] = [];
  for await (const { InvoiceID } of organisationClient(reader, 't-1', signal).list('Invoices')) ids.push(InvoiceID);
  expect(ids).toEqual([1, 2, 3]);
  expect(asked).toEqual(['page=1', 'page=1', 'page=1', 'page=2', 'page=2', 'page=2', 'page=3', 'page=3', 'page=3']);
});
