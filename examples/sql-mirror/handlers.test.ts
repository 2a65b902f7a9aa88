import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { testHandlers } from 'xero-webhooks/testing';
import register from './handlers.ts';

const file = join(mkdtempSync(join(tmpdir(), 'mirror-')), 'books.db');
process.env.MIRROR_FILE = file;

test('a resource is as it was last, and an older state that comes late changes nothing', async () => {
  let updated = new Date('2026-01-02T00:00:00Z');
  let amountDue = 100;
  const handlers = await testHandlers(register, {
    resources: {
      invoice: () => ({
        InvoiceID: 'i-1',
        Type: 'ACCREC',
        Status: 'AUTHORISED',
        AmountDue: amountDue,
        DueDate: new Date('2026-01-01'),
        Contact: { ContactID: 'c-1' },
        LineItems: [{ Description: 'Training', Quantity: 1, LineAmount: 100 }],
        UpdatedDateUTC: updated,
      }),
      contact: () => ({ ContactID: 'c-1', Name: 'Bayside Club', IsCustomer: true, UpdatedDateUTC: updated }),
    },
  });
  await handlers.emit('contact.created', { resourceId: 'c-1', tenantId: 't-1' });
  await handlers.emit('invoice.updated', { resourceId: 'i-1', tenantId: 't-1', eventDateUtc: '2026-01-02T00:00:00' });
  [updated, amountDue] = [new Date('2026-01-01T00:00:00Z'), 500];
  const late = await handlers.emit('invoice.updated', {
    resourceId: 'i-1',
    tenantId: 't-1',
    eventDateUtc: '2026-01-01T00:00:00',
  });
  assert.equal(late['mirror-invoice']?.outcome, 'succeeded');
  await handlers.close();

  const database = new DatabaseSync(file);
  const rows = database.prepare('SELECT id, status, amount_due, json FROM invoice').all();
  database.close();
  assert.deepEqual(
    rows.map(({ json: _, ...row }) => ({ ...row })),
    [{ id: 'i-1', status: 'AUTHORISED', amount_due: 100 }],
  );
  assert.equal(JSON.parse(String(rows[0]?.json)).LineItems[0].Description, 'Training');
});

test('the queries run, and find what is overdue', () => {
  const text = execFileSync(process.execPath, ['run-queries.ts'], { cwd: import.meta.dirname, encoding: 'utf8' });
  assert.match(text, /Invoices that are overdue[^]*Bayside Club[^]*What each customer owes[^]*Training/);
});
