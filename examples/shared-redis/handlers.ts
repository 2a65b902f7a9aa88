import type { Register } from 'xero-webhooks/handlers';

const register: Register = (on) => {
  on('*', function note(event, context) {
    context.log.info({ organisation: event.tenantId }, 'noted');
  });
};

export default register;
