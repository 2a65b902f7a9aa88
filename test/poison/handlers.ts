import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from '@xero-webhooks/handlers';

// Ends its process in the way that the resource's id says, or finishes and notes that.
const file = process.env['NOTES_FILE']!;

function note(what: 'begin' | 'end', key: string): void {
  appendFileSync(file, `${JSON.stringify({ what, key, pid: process.pid })}\n`);
}

/** Allocates until the process is out of memory. */
function useUpMemory(): never {
  const held: unknown[] = [];
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
}

function never(): Promise<never> {
  return new Promise(() => {});
}

const register: Register = (on) => {
  on('*', async function behave(event, context) {
    const [kind] = event.resourceId.split('-');
    note('begin', event.resourceId);
    switch (kind) {
      case 'exit':
        await wait(10);
        return process.exit(3);
      case 'memory':
        return useUpMemory();
      case 'native':
        return process.abort();
      case 'killed':
        process.kill(process.pid, 'SIGKILL');
        return never();
      case 'blocked':
        for (;;);
      case 'thrown':
        setTimeout(() => {
          throw new Error('thrown where nobody waits');
        }, 10);
        return never();
      case 'floating':
        void Promise.reject(new Error('nobody waits for this'));
        return never();
      case 'quick':
        break;
      default:
        await wait(20, undefined, { signal: context.signal });
    }
    note('end', event.resourceId);
    return undefined;
  });
};

export default register;
