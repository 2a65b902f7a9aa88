import type { Register } from '@xero-webhooks/handlers';

// One handler that does nothing.
const register: Register = (on) => {
  on('*', async function first() {});
};

export default register;
