import { appendFileSync } from 'node:fs';
import type { Register } from 'xero-webhooks/handlers';

/** Invoices go to a receiver, contacts need none. */
const register: Register = (on) => {
  on('invoice.updated', { name: 'sendInvoice' }, (_event, context) =>
    context.forward(process.env['RECEIVER_URL']!, { secret: process.env['RECEIVER_SECRET']! }),
  );
  on('contact.updated', { name: 'noteContact' }, ({ name, resourceId, tenantId }, { idempotencyKey: key }) => {
    const line = JSON.stringify({ handler: 'noteContact', name, resourceId, tenantId, key });
    appendFileSync(process.env['HANDLED_FILE']!, `${line}\n`);
  });
};

export default register;
