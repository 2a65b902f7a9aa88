import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from 'xero-webhooks/handlers';

// Takes a moment for each event, as a call of another system does, and writes down what it has handled in which attempt.
const file = process.env['HANDLED_FILE']!;

const register: Register = (on) => {
  on('*', async function unhurried(event, context) {
    await wait(20 + (event.resourceId.length % 5) * 40);
    const { name, resourceId, tenantId } = event;
    const line = {
      handler: 'unhurried',
      name,
      resourceId,
      tenantId,
      key: context.idempotencyKey,
      attempt: context.attempt,
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
};

export default register;
