import { describe, expect, it } from 'vitest';
import { ownFrames } from './own-frames.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

describe('the frames of a stack that its reader can do something about', () => {
  it('are those outside of Node, of packages and of xero-webhooks, below the whole message', () => {
    const stack = [
      'Error: no database',
      'on two lines',
      '    at connect (/home/me/handlers/database.ts:7:9)',
      '    at query (/home/me/handlers/node_modules/pg/lib/client.js:1:1)',
      '    at async syncInvoice (file:///home/me/handlers/index.ts:12:3)',
      `    at async runHandler (file://${ROOT}packages/handlers/src/run-handler.ts:50:5)`,
      `    at async logInvoice (file://${ROOT}apps/worker/src/handlers/index.ts:6:5)`,
      '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
      '    at new Promise (<anonymous>)',
    ].join('\n');
    expect(ownFrames(stack).split('\n')).toEqual([
      'Error: no database',
      'on two lines',
      '    at connect (/home/me/handlers/database.ts:7:9)',
      '    at async syncInvoice (file:///home/me/handlers/index.ts:12:3)',
      `    at async logInvoice (file://${ROOT}apps/worker/src/handlers/index.ts:6:5)`,
    ]);
  });

  it('are eight at most', () => {
    const stack = `Error: deep\n${'    at again (/home/me/deep.ts:1:1)\n'.repeat(100)}`;
    expect(ownFrames(stack).split('\n')).toHaveLength(9);
  });

  it('are none of a text without any, which stays as it is, but not without end', () => {
    expect(ownFrames('just words')).toBe('just words');
    expect(ownFrames('x'.repeat(100_000)).length).toBeLessThanOrEqual(2_000);
  });
});
