import type { Register } from 'xero-webhooks/handlers';

// Sample handlers. Copy this file into your own repository and point HANDLERS at it.
const register: Register = async (on) => {
  on(['invoice.created', 'invoice.updated'], async function logInvoice(_event, context) {
    const { InvoiceNumber, Status, Contact, Total, CurrencyCode } = await context.resource();
    context.log.info(
      { number: InvoiceNumber, status: Status, contact: Contact?.Name, total: Total, currency: CurrencyCode },
      'invoice changed',
    );
  });

  on(['contact.created', 'contact.updated'], { name: 'log-contact', latestOnly: true }, async (_event, context) => {
    const { Name, EmailAddress } = await context.resource();
    context.log.info({ name: Name, email: EmailAddress }, 'contact changed');
  });

  // Every event, including categories that Xero adds later.
  on('*', async function audit(event, context) {
    context.log.debug({ event: event.name, key: context.idempotencyKey }, 'seen');
  });
};

export default register;
