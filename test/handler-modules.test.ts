import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { AppProcess } from './support/app-process.ts';
import { startProcess } from './support/app-process.ts';
import { testPrefix } from './support/redis.ts';

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
        msg: `on() was called after the start (${folder}/handlers.mjs:2:3): call it before the default export returns, or make the default export async and await what on() waits for`,
      },
    ]);
  });
});
