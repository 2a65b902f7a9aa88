import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from '@xero-webhooks/handlers';

// One handler that takes 20 ms.
const register: Register = (on) => {
  on('*', async function first() {
    await wait(20);
  });
};

export default register;
