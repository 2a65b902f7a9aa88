import { appendFileSync } from 'node:fs';
import type { Register } from 'xero-webhooks/handlers';

// Reads the resource of each event but those of subscriptions, and writes a line to the file that the test names.
const file = process.env['HANDLED_FILE']!;

const register: Register = (on) => {
  on(
    ['invoice.created', 'invoice.updated', 'contact.updated', 'creditnote.updated', 'payment.updated'],
    async function read(event, context) {
      const resource = await context.resource();
      const { name, resourceId, tenantId } = event;
      const updated = resource['UpdatedDateUTC'];
      const line = { handler: 'read', name, resourceId, tenantId, updated, attempt: context.attempt, pid: process.pid };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
  );

  // Never asks for Xero.
  on('*', function note({ name, resourceId, tenantId }) {
    appendFileSync(file, `${JSON.stringify({ handler: 'note', name, resourceId, tenantId })}\n`);
  });
};

export default register;
