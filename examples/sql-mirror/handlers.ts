import type { Register } from 'xero-webhooks/handlers';
import { openMirror } from './open-mirror.ts';
import { TABLES } from './tables.ts';

// Keeps a copy of the books in SQLite. `npm run fill` fills it, and what Xero reports from then on keeps it in step.
const register: Register = (on) => {
  const mirror = openMirror(process.env.MIRROR_FILE ?? 'books.db');

  for (const category of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
    on([`${category}.created`, `${category}.updated`], { name: `mirror-${category}` }, async (event, context) => {
      mirror.put(category, event.tenantId, await context.resource());
    });
  }

  // Runs when the worker stops, after its last handler.
  return mirror.close;
};

export default register;
