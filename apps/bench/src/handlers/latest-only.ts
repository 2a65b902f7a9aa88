import type { Register } from '@xero-webhooks/handlers';

// One handler that does nothing, and skips what is older than what it has seen.
const register: Register = (on) => {
  on('*', { latestOnly: true }, async function first() {});
};

export default register;
