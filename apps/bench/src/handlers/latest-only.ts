import type { Register } from '@xero-webhooks/handlers';

// One handler that does nothing, and skips events older than the newest of their resource.
const register: Register = (on) => {
  on('*', { latestOnly: true }, async function first() {});
};

export default register;
