import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from 'xero-webhooks/handlers';
import { throwOdd } from './odd-things.ts';

// Behaves as the resource's id says, for example `slow-500` or `block-3000`, and writes down what it does.
const file = process.env['HANDLED_FILE']!;

function note(what: string, key: string, resourceId: string): void {
  appendFileSync(file, `${JSON.stringify({ what, key, resourceId, pid: process.pid, at: Date.now() })}\n`);
}

/** Whether no process has had the resource before: only the first is slow with it. */
function isFirst(resourceId: string): boolean {
  try {
    appendFileSync(`${file}.${resourceId}`, '', { flag: 'ax' });
    return true;
  } catch {
    return false;
  }
}

const register: Register = (on) => {
  on('*', function behave(event, context) {
    const [what, amount = '0'] = event.resourceId.split('-');
    const key = context.idempotencyKey;
    // Before anybody can know that it has begun, and stop the process.
    const isSlow = what === 'slow' || (what === 'first' && isFirst(event.resourceId));
    note('start', key, event.resourceId);
    context.signal.addEventListener('abort', () => note('abort', key, event.resourceId));
    switch (what) {
      case 'throw':
        throw new Error('thrown at once');
      case 'huge':
        // Wherever what a handler says can be large.
        context.log.info({ text: 'x'.repeat(Number(amount)) }, 'y'.repeat(Number(amount)));
        throw Object.assign(new Error('x'.repeat(Number(amount)), { cause: new Error('y'.repeat(Number(amount))) }), {
          code: 'z'.repeat(Number(amount)),
        });
      case 'odd':
        return throwOdd(Number(amount), context.log);
      case 'hang':
        return new Promise(() => {});
      case 'reject':
        // Long after it was stopped: nobody listens any more.
        return new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => setTimeout(() => reject(new Error('too late')), 50));
        });
      case 'block': {
        const end = Date.now() + Number(amount);
        while (Date.now() < end);
        break;
      }
      default:
    }
    if (isSlow) return wait(Number(amount)).then(() => note('end', key, event.resourceId));
    note('end', key, event.resourceId);
    return undefined;
  });
};

export default register;
