import { readFileSync } from 'node:fs';
import { openMirror } from './open-mirror.ts';

// Shows what the five queries of queries.sql find.
const mirror = openMirror(process.env.MIRROR_FILE ?? 'books.db');
for (const query of readFileSync(new URL('queries.sql', import.meta.url), 'utf8').split(/;\s*/)) {
  const [, title, sql] = /^-- ([^\n]+)\n(.+)$/s.exec(query) ?? [];
  if (title === undefined || sql === undefined) continue;
  console.log(title);
  console.table(mirror.database.prepare(sql).all());
}
mirror.close();
