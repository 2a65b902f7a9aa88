// Handlers that do not await what they read.
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from 'xero-webhooks/handlers';

const register: Register = (on) => {
  on('invoice.updated', function forgetful(_event, context) {
    void context.resource().then(({ InvoiceNumber }) => context.log.info({ InvoiceNumber }, 'read'));
  });

  on('contact.updated', async function hasty(_event, context) {
    const later = async (): Promise<void> => {
      await wait(100);
      await context.xero.get('Organisation');
    };
    void later();
  });
};

export default register;
