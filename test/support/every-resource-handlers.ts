import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from 'xero-webhooks/handlers';

// Reads the resource of each event, whatever it is of, and writes down what the event was and how the resource stands.
const file = process.env['HANDLED_FILE']!;
const ms = Number(process.env['HANDLER_MS'] ?? 0);

const register: Register = (on) => {
  on('*', async function read({ name, resourceId, tenantId, source }, context) {
    const { UpdatedDateUTC: updated, ...rest } = await context.resource();
    if (ms > 0) await wait(ms);
    const line = { handler: 'read', name, resourceId, tenantId, source, updated, fields: Object.keys(rest).length };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
};

export default register;
