import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import pg from 'pg';
import { testHandlers } from 'xero-webhooks/testing';
import register from './handlers.ts';

const connectionString = process.env.DATABASE_URL;

test(
  'an event is applied once, however often its handler runs',
  { skip: !connectionString && 'needs DATABASE_URL' },
  async () => {
    const database = new pg.Client({ connectionString });
    await database.connect();
    await database.query(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));

    const resourceId = randomUUID();
    let state = { Status: 'AUTHORISED' as const, Total: 100, UpdatedDateUTC: new Date('2026-01-02') };
    const handlers = await testHandlers(register, { resources: { invoice: () => state } });
    const event = { resourceId, eventDateUtc: '2026-01-02T00:00:00' };
    for (const _ of [1, 2]) {
      const { storeInvoice } = await handlers.emit('invoice.updated', event);
      assert.deepEqual([storeInvoice?.outcome, storeInvoice?.error], ['succeeded', undefined]);
    }
    state = { ...state, Total: 50, UpdatedDateUTC: new Date('2026-01-01') };
    await handlers.emit('invoice.updated', { resourceId, eventDateUtc: '2026-01-01T00:00:00' });

    const invoices = await database.query('SELECT status, total::float FROM invoice WHERE invoice_id = $1', [
      resourceId,
    ]);
    assert.deepEqual(invoices.rows, [{ status: 'AUTHORISED', total: 100 }]);
    const changes = await database.query('SELECT 1 FROM invoice_change WHERE invoice_id = $1', [resourceId]);
    assert.equal(changes.rowCount, 2);
    await handlers.close();
    await database.end();
  },
);
