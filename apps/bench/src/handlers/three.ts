import type { Register } from '@xero-webhooks/handlers';

// Three handlers that do nothing.
const register: Register = (on) => {
  on('*', async function first() {});
  on('*', async function second() {});
  on('*', async function third() {});
};

export default register;
