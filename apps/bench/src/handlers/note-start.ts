import type { Register } from '@xero-webhooks/handlers';
import { answerStarts, noteStart } from '../harness/start-times.ts';

// One handler that only notes its start.
const register: Register = (on) => {
  answerStarts();
  on('*', async function first(event) {
    noteStart(event.resourceId);
  });
};

export default register;
