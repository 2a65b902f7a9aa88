import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

type End = { code: number | null; output: string; complaints: string };

/** Runs a start in a process of its own, with something open that would keep it alive. */
async function run(start: string): Promise<End> {
  const program = `
    import { createServer } from 'node:net';
    const { runMain } = await import(${JSON.stringify(new URL('run-main.ts', import.meta.url).href)});
    const { CodedError } = await import(${JSON.stringify(new URL('coded-error.ts', import.meta.url).href)});
    await runMain('worker', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      ${start}
    });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, output, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output, complaints };
}

describe('a start', () => {
  it('that goes well leaves the process running', async () => {
    const start = `process.nextTick(() => setImmediate(() => { console.log('still here'); server.close(); }));`;
    expect(await run(start)).toEqual({ code: 0, output: 'still here\n', complaints: '' });
  });

  it('that fails with a coded error ends the process with one line', async () => {
    expect(
      await run(`throw new CodedError('XW_CONFIG', 'REDIS_URL is not set', { cause: new Error('more') });`),
    ).toEqual({
      code: 1,
      output: '',
      complaints: 'worker: REDIS_URL is not set [XW_CONFIG] see docs/errors.md#xw_config\n',
    });
  });

  it('that fails for several reasons has a line for each, with the name and the code', async () => {
    expect(await run(`throw new CodedError('XW_CONFIG', 'A is not set\\nB is not set');`)).toMatchObject({
      code: 1,
      complaints:
        'worker: A is not set [XW_CONFIG] see docs/errors.md#xw_config\nworker: B is not set [XW_CONFIG] see docs/errors.md#xw_config\n',
    });
  });

  it("that fails with another class's error of our codes has one line too", async () => {
    expect(
      await run(`throw Object.assign(new TypeError('handlers.ts exports nothing'), { code: 'XW_HANDLERS_DEFAULT' });`),
    ).toMatchObject({
      code: 1,
      complaints: 'worker: handlers.ts exports nothing [XW_HANDLERS_DEFAULT] see docs/errors.md#xw_handlers_default\n',
    });
  });

  it('that fails with a coded error ends the process with the exit code that the error has', async () => {
    expect(
      await run(`throw Object.assign(new CodedError('XW_USAGE', 'unknown command'), { exitCode: 2 });`),
    ).toMatchObject({ code: 2, complaints: 'worker: unknown command [XW_USAGE] see docs/errors.md#xw_usage\n' });
  });

  it.each([
    ['an error without a code', `throw new TypeError('a bug');`, /^worker: TypeError: a bug\n {4}at .+\n/],
    [
      'an error with a code of somebody else',
      `throw Object.assign(new Error('no such file'), { code: 'ENOENT' });`,
      /^worker: Error: no such file\n {4}at .+\n/,
    ],
    [
      'an error whose code is a number',
      `throw Object.assign(new Error('a bug'), { code: 5 });`,
      /^worker: Error: a bug\n {4}at .+\n/,
    ],
  ])('that fails with %s shows its stack', async (_what, start, complaints) => {
    expect(await run(start)).toEqual({ code: 1, output: '', complaints: expect.stringMatching(complaints) });
  });

  it.each([
    [`throw 'no database';`, 'worker: no database\n'],
    [`throw undefined;`, 'worker: undefined\n'],
  ])('that says %s shows it', async (start, complaints) => {
    expect(await run(start)).toMatchObject({ code: 1, complaints });
  });
});
