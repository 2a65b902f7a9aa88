import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

/** A program that writes lines of all kinds, and says at its end what its metrics know of lost lines. */
const PROGRAM = `
  const { createLogger } = await import(${JSON.stringify(new URL('logger.ts', import.meta.url).href)});
  const { createMetrics } = await import(${JSON.stringify(new URL('metrics/create-metrics.ts', import.meta.url).href)});
  const log = createLogger('test', 'info');
  const metrics = createMetrics('test');
  process.once('message', async () => {
    for (let line = 0; line < 3; line++) log.info({ line }, 'a line');
    log.fatal('the last one');
    process.send({ lost: /^xw_log_lines_lost_total\\S* (\\d+)$/m.exec(await metrics.metrics())[1] });
    process.disconnect();
  });
  process.send('ready');
`;

/** Runs the program until it ends, and tells how. */
async function run(
  stdout: number | 'pipe',
  prepare: (reader: NodeJS.ReadableStream | null) => Promise<void> = async () => {},
): Promise<{ code: number | null; lost: string | undefined; output: string; complaints: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', stdout, 'pipe', 'ipc'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const complaints = text(child.stderr!);
  await once(child, 'message');
  await prepare(child.stdout);
  const output = child.stdout?.readable === true ? text(child.stdout) : '';
  const said = once(child, 'message') as Promise<[{ lost: string }]>;
  child.send('go');
  const result = await Promise.race([said.then(([{ lost }]) => lost), ended.then(() => undefined)]);
  const [code] = await ended;
  return { code, lost: result, output: await output, complaints: await complaints };
}

describe('a process that logs', () => {
  it('writes a line of JSON for each call', async () => {
    const { output, ...rest } = await run('pipe');
    expect(rest).toEqual({ code: 0, lost: '0', complaints: '' });
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatchObject({ level: 'fatal', app: 'test', msg: 'the last one' });
  });

  it.skipIf(!existsSync('/dev/full'))('goes on where the disk is full, says so once and counts the lines', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      expect(await run(full)).toEqual({
        code: 0,
        lost: '4',
        output: '',
        complaints: expect.stringMatching(/^log lines cannot be written and are lost: ENOSPC.*\n$/),
      });
    } finally {
      closeSync(full);
    }
  });

  it('goes on and ends in silence where the reader of its lines is gone', async () => {
    const gone = async (reader: NodeJS.ReadableStream | null): Promise<void> => {
      const closed = once(reader!, 'close');
      (reader as unknown as { destroy(): void }).destroy();
      await closed;
    };
    expect(await run('pipe', gone)).toMatchObject({ code: 0, complaints: '' });
  });
});
