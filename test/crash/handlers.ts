import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from '@xero-webhooks/handlers';

// Two handlers that each write to a database once per idempotency key. One of them sometimes fails.
const register: Register = (on) => {
  const database = new DatabaseSync(process.env['EFFECTS_FILE']!, { timeout: 10_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  const effect = database.prepare('INSERT OR IGNORE INTO effects (key, event) VALUES (?, ?)');
  const run = database.prepare('INSERT INTO runs (key) VALUES (?)');

  on('*', async function book(event, context) {
    run.run(context.idempotencyKey);
    await wait(Math.random() * 10);
    effect.run(context.idempotencyKey, `${event.resourceId} ${event.eventDateUtc}`);
  });

  on(['invoice.updated', 'contact.updated'], async function mail(event, context) {
    run.run(context.idempotencyKey);
    await wait(Math.random() * 5);
    if (Math.random() < 0.03) throw new Error('the mail server is busy');
    effect.run(context.idempotencyKey, `${event.resourceId} ${event.eventDateUtc}`);
  });

  return () => database.close();
};

export default register;
