import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { AppProcess } from '@xero-webhooks/testing';
import { startProcess, testPrefix } from '@xero-webhooks/testing';

/** Starts a worker in a folder with files, of which the first is its handler module. */
function startIn(files: Readonly<Record<string, string>>): AppProcess & { folder: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'xw-handlers-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const environment = {
    REDIS_URL: inject('redis').url,
    REDIS_PREFIX: testPrefix(),
    WORKER_ADMIN_PORT: '0',
    HANDLERS: Object.keys(files)[0]!,
  };
  return Object.assign(startProcess(['apps/worker/src/main.ts'], environment, { cwd: folder }), { folder });
}

/** As `npm init -y` writes it. */
const FRESH = JSON.stringify({ name: 'my-handlers', version: '1.0.0', main: 'index.js', type: 'commonjs' });

const typescript = `
import { readFileSync } from 'node:fs';
import type { Register } from 'xero-webhooks/handlers';
import { syncInvoice } from './sync-invoice.ts';

const register: Register = (on) => {
  on('invoice.updated', syncInvoice);
};
export default register;
`;
const more = `export async function syncInvoice(event: unknown): Promise<void> { void event; }`;
const commonJs = `
const { syncInvoice } = require('./sync-invoice.js');
module.exports = (on) => on('invoice.updated', syncInvoice);
`;
const moreCommonJs = 'exports.syncInvoice = async function syncInvoice(event) {};';

describe('a handler module loads without a word', () => {
  it.each([
    ['in TypeScript, in a fresh project', { 'index.ts': typescript, 'sync-invoice.ts': more, 'package.json': FRESH }],
    [
      'in TypeScript, beside a package.json without a type',
      { 'index.ts': typescript, 'sync-invoice.ts': more, 'package.json': '{}' },
    ],
    ['in TypeScript, without a package.json', { 'index.ts': typescript, 'sync-invoice.ts': more }],
    [
      'in TypeScript, in a folder of a fresh project',
      { 'src/index.ts': typescript, 'src/sync-invoice.ts': more, 'package.json': FRESH },
    ],
    [
      'in JavaScript with require, in a fresh project',
      { 'index.js': commonJs, 'sync-invoice.js': moreCommonJs, 'package.json': FRESH },
    ],
  ])('%s', async (_what, files: Record<string, string>) => {
    const { line, lines } = startIn(files);
    expect(await line(({ msg }) => msg === 'worker is ready')).toMatchObject({ handlers: ['syncInvoice'] });
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

describe('a handler module that registers after the start', () => {
  it.each([
    ['in a timer', 'setTimeout(() => late(), 1);'],
    ['in a promise', 'void Promise.resolve().then(() => setImmediate(() => late()));'],
    ['in an asynchronous function', 'void (async () => { await new Promise(setImmediate); late(); })();'],
  ])('ends the worker with one line that says what to do: %s', async (_what, call) => {
    const { ended, lines, folder } = startIn({
      'handlers.mjs': `export default (on) => { ${call} function late() {\n  on('*', function record() {});\n} };`,
    });
    expect(await ended).toEqual({ code: 1, signal: null });
    const faults = lines.filter(({ level }) => ['none', 'error', 'fatal'].includes(level));
    expect(faults).toEqual([
      {
        level: 'fatal',
        time: expect.any(String),
        app: 'worker',
        code: 'XW_HANDLERS_LATE',
        docs: 'docs/errors.md#xw_handlers_late',
        msg: `on() was called after the start (${folder}/handlers.mjs:2:3): call it before the default export returns, or make the default export async and await what on() depends on`,
      },
    ]);
  });
});
