import { appendFileSync } from 'node:fs';
import type { Register } from 'xero-webhooks/handlers';

// Writes one line for each event that it handles, to the file that the test names.
const file = process.env['HANDLED_FILE']!;

const register: Register = (on) => {
  on('*', function record(event, context) {
    const { name, resourceId, tenantId } = event;
    appendFileSync(
      file,
      `${JSON.stringify({ name, resourceId, tenantId, key: context.idempotencyKey, pid: process.pid })}\n`,
    );
  });
};

export default register;
