CREATE TABLE IF NOT EXISTS invoice (
  tenant_id text NOT NULL,
  invoice_id text NOT NULL,
  number text,
  status text,
  total numeric,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, invoice_id)
);

-- What was done for an event, once: the key is the same each time that its handler runs.
CREATE TABLE IF NOT EXISTS invoice_change (
  idempotency_key text PRIMARY KEY,
  invoice_id text NOT NULL,
  status text,
  noted_at timestamptz NOT NULL DEFAULT now()
);
