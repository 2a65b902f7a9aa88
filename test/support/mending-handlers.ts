import { setTimeout as sleep } from 'node:timers/promises';
import { appendFileSync, existsSync } from 'node:fs';
import type { Register } from 'xero-webhooks/handlers';

// `sync` fails for resources whose id begins with "bad" until somebody mends it: until the file MENDED is there. `wait`
// asks for a later try for those that begin with "later"; for those that begin with "slow" it does not end until then. All of
// them write down what they have handled.
const file = process.env['HANDLED_FILE']!;

const register: Register = (on) => {
  on('*', function sync(event, context) {
    if (event.resourceId.startsWith('bad') && !existsSync(process.env['MENDED']!))
      throw new Error('the books are closed');
    appendFileSync(file, `sync ${event.resourceId} ${context.attempt} ${context.idempotencyKey}\n`);
  });
  on('*', async function wait(event, context) {
    while (event.resourceId.startsWith('slow') && !existsSync(process.env['MENDED']!)) await sleep(20);
    if (event.resourceId.startsWith('later') && !existsSync(process.env['MENDED']!)) {
      context.retryIn(3_600_000, 'not before the month ends');
    }
    appendFileSync(file, `wait ${event.resourceId} ${context.attempt} ${context.idempotencyKey}\n`);
  });
  if (process.env['LATE_HANDLER']) {
    on('*', function late(event, context) {
      appendFileSync(file, `late ${event.resourceId} ${context.attempt} ${context.idempotencyKey}\n`);
    });
  }
};

export default register;
