import { appendFileSync } from 'node:fs';
import type { Context, NamedEvent, Register } from 'xero-webhooks/handlers';

// One handler for each way that an event can go. Each writes a line to the file that the test names.
const file = process.env['HANDLED_FILE']!;

function note(handler: string, { name, resourceId, tenantId }: NamedEvent, context: Context): void {
  appendFileSync(file, `${JSON.stringify({ handler, name, resourceId, tenantId, key: context.idempotencyKey })}\n`);
}

const register: Register = (on) => {
  on('*', function record(event, context) {
    note('record', event, context);
  });
  on('contact.updated', function failOnce(event, context) {
    if (context.attempt === 1) throw new Error('not yet');
    note('failOnce', event, context);
  });
  on('creditnote.updated', { name: 'newest', latestOnly: true }, (event, context) => note('newest', event, context));
  on('payment.created', function refuse(_event, context) {
    context.giveUp('a payment like this is never taken');
  });
};

export default register;
