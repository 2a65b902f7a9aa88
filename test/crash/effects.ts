import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The user's world: what the handlers have done, and how often they were run. */
export type Effects = {
  readonly file: string;
  /** The keys of all effects. */
  keys(): Set<string>;
  readonly count: number;
  /** How often handlers were run, and how many of the runs were repetitions of a run that had already begun. */
  runs(): { runs: number; keys: number };
  close(): void;
};

/** Makes an empty database for the handlers of this folder. */
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
