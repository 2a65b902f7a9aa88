import { DatabaseSync } from 'node:sqlite';
import type { UnknownResource } from 'xero-webhooks/handlers';
import type { Table } from './tables.ts';
import { rowOf, TABLES } from './tables.ts';

/** Opens the database, and makes the tables where there are none. */
export function openMirror(file: string) {
  // Several workers write to it: each waits for its turn.
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.exec('PRAGMA journal_mode = WAL');
  const upserts = new Map(
    Object.entries(TABLES).map(([name, table]) => {
      database.exec(createTable(name, table));
      return [name, database.prepare(upsert(name, table))];
    }),
  );

  return {
    database,
    put(name: keyof typeof TABLES, tenantId: string, resource: UnknownResource): void {
      upserts.get(name)!.run(...Object.values(rowOf(TABLES[name], tenantId, resource)));
    },
    close: () => database.close(),
  };
}

function createTable(name: string, { columns }: Table): string {
  const own = Object.keys(columns).map((column) => `${column}, `);
  return `CREATE TABLE IF NOT EXISTS ${name} (
    tenant_id TEXT NOT NULL, id TEXT NOT NULL, updated_at TEXT NOT NULL, ${own.join('')} json TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)) WITHOUT ROWID`;
}

/** An older state that comes late changes nothing. */
function upsert(name: string, { columns }: Table): string {
  const changing = ['updated_at', ...Object.keys(columns), 'json'];
  const all = ['tenant_id', 'id', ...changing];
  return `INSERT INTO ${name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
    ON CONFLICT (tenant_id, id) DO UPDATE SET ${changing.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE ${name}.updated_at <= excluded.updated_at`;
}
