import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The outside world: what the handlers did, and how often they ran. */
export type Effects = {
  readonly file: string;
  keys(): Set<string>;
  readonly count: number;
  /** All runs of handlers, and how many different idempotency keys they had. The difference are repeated runs. */
  runs(): { runs: number; keys: number };
  close(): void;
};

/** An empty database in a temporary folder, for the handlers of this folder. */
export function createEffects(): Effects {
  const file = join(mkdtempSync(join(tmpdir(), 'xw-effects-')), 'effects.db');
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  database.exec('CREATE TABLE effects (key TEXT PRIMARY KEY, event TEXT) WITHOUT ROWID; CREATE TABLE runs (key TEXT)');
  const number = (sql: string): number => Number(Object.values(database.prepare(sql).get()!)[0]);
  return {
    file,
    keys: () =>
      new Set(
        database
          .prepare('SELECT key FROM effects')
          .all()
          .map((row) => String(row['key'])),
      ),
    get count() {
      return number('SELECT count(*) FROM effects');
    },
    runs: () => ({ runs: number('SELECT count(*) FROM runs'), keys: number('SELECT count(DISTINCT key) FROM runs') }),
    close: () => database.close(),
  };
}
