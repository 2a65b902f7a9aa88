import type { Register } from '@xero-webhooks/handlers';

// One handler that turns every event into a dead letter at once.
const register: Register = (on) => {
  on('*', async function first(_event, context) {
    context.giveUp('the invoice names a contact that is not known here');
  });
};

export default register;
