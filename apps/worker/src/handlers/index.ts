import type { Register } from '@xero-webhooks/handlers';

// Sample handlers. Copy this file into your own repository and point HANDLERS at it.
const register: Register = async (on) => {
  on('invoice.updated', async function logInvoice(event, context) {
    context.log.info({ invoice: event.resourceId }, 'invoice changed');
  });

  on(['contact.created', 'contact.updated'], { name: 'log-contact' }, async (event, context) => {
    context.log.info({ contact: event.resourceId }, 'contact changed');
  });

  // Every event, those of categories that Xero has yet to invent too.
  on('*', async function audit(event, context) {
    context.log.debug({ event: event.name, key: context.idempotencyKey }, 'seen');
  });
};

export default register;
