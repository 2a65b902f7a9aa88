import pg from 'pg';
import type { Register } from 'xero-webhooks/handlers';

const UPSERT = `
  INSERT INTO invoice (tenant_id, invoice_id, number, status, total, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (tenant_id, invoice_id) DO UPDATE
    SET number = excluded.number, status = excluded.status, total = excluded.total, updated_at = excluded.updated_at
    -- An older state that comes late changes nothing.
    WHERE invoice.updated_at <= excluded.updated_at`;

const NOTE = `
  INSERT INTO invoice_change (idempotency_key, invoice_id, status) VALUES ($1, $2, $3)
  ON CONFLICT (idempotency_key) DO NOTHING`;

const register: Register = (on) => {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  // A connection that breaks while nobody uses it must not end the worker.
  pool.on('error', () => {});

  on(['invoice.created', 'invoice.updated'], async function storeInvoice(event, context) {
    const { InvoiceID, InvoiceNumber, Status, Total, UpdatedDateUTC } = await context.resource();
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const updatedAt = UpdatedDateUTC ?? new Date();
      await client.query(UPSERT, [event.tenantId, InvoiceID, InvoiceNumber, Status, Total, updatedAt]);
      await client.query(NOTE, [context.idempotencyKey, InvoiceID, Status]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  });

  // Runs when the worker stops, after its last handler.
  return () => pool.end();
};

export default register;
