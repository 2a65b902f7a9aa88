import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '@xero-webhooks/testing';
import { runXw } from './support/run-xw.ts';

type Result = { code: number | null; output: string; complaints: string };

/** Runs `xw` in a folder in which nothing was started. */
async function xw(...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, [`${ROOT}apps/cli/src/main.ts`, ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'xw-cli-')),
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, output, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output, complaints };
}

const HELP = /^Usage: xw \[options\] \[command\]\n/;

describe('xw', () => {
  it.each([[], ['--help'], ['-h'], ['help'], ['help', 'help']])('shows its help: xw %s %s', async (...args) => {
    expect(await xw(...args)).toEqual({ code: 0, output: expect.stringMatching(HELP), complaints: '' });
  });

  it.each([
    ['help', 'simulate'],
    ['simulate', '--help'],
  ])('shows the help of a command: xw %s %s', async (...args) => {
    expect(await xw(...args)).toEqual({
      code: 0,
      output: expect.stringMatching(/^Usage: xw simulate /),
      complaints: '',
    });
  });

  it.each(['--version', '-V'])('shows its version: xw %s', async (flag) => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
    expect(await xw(flag)).toEqual({ code: 0, output: `${version}\n`, complaints: '' });
  });

  const unknownCommand = 'unknown command \'simualte\' (Did you mean simulate?); see "xw --help"';
  it.each<[args: string[], message: string]>([
    [['simualte'], unknownCommand],
    [['simualte', 'invoice.updated', '--count', '2'], unknownCommand],
    [['simualte', '--help'], unknownCommand],
    [['--help', 'simualte'], unknownCommand],
    [['help', 'simualte'], unknownCommand],
    [['nonsense'], `unknown command 'nonsense'; see "xw --help"`],
    [['--verison'], `unknown option '--verison' (Did you mean --version?); see "xw --help"`],
    [
      ['simulate', 'invoice.updated', '--cuont', '2'],
      `unknown option '--cuont' (Did you mean --count?); see "xw simulate --help"`,
    ],
    [['simulate', 'invoice.updated', '--kye=a-secret'], `unknown option '--kye'; see "xw simulate --help"`],
    [['simulate'], `missing required argument 'event'; see "xw simulate --help"`],
    [
      ['simulate', 'invoice.updated', 'contact.updated'],
      `too many arguments for 'simulate'. Expected 1 argument but got 2: invoice.updated, contact.updated; see "xw simulate --help"`,
    ],
    [
      ['simulate', 'invoice.updated', '--count', 'two'],
      `option '--count <n>' argument 'two' is invalid. It must be a whole number from 1 to 1000000; see "xw simulate --help"`,
    ],
    [
      ['simulate', 'invoice.updated', '--url', 'localhost'],
      `option '--url <address>' argument 'localhost' is invalid. It must be an address such as http://127.0.0.1:3000/webhook; see "xw simulate --help"`,
    ],
    [
      ['simulate', '--file', 'capture.json', 'invoice.updated'],
      'name an event or a --file, not both; see "xw simulate --help"',
    ],
    [['simulate', 'invoice.updated', '--duration', '5m'], '--duration needs a --rate; see "xw simulate --help"'],
    [
      ['simulate', 'invoice.updated', '--rate', '5/s', '--duration', '5m', '--count', '3'],
      'give --count or --duration, not both; see "xw simulate --help"',
    ],
    [
      ['simulate', 'invoice.updated', '--override', 'Status'],
      "option '--override <field=value>' argument 'Status' is invalid. It must be a field and its value, such as data.Status=VOIDED; see \"xw simulate --help\"",
    ],
    [['subscribe'], `required option '--url <address>' not specified; see "xw subscribe --help"`],
    [
      ['usage', '--day', 'today'],
      `option '--day <day>' argument 'today' is invalid. It must be a day such as 2026-11-23; see "xw usage --help"`,
    ],
    [['shards', 'many'], `count must be a whole number from 1 to 64 (got "many"); see "xw shards --help"`],
  ])('says in one line what is wrong with xw %j', async (args, message) => {
    expect(await xw(...args)).toEqual({
      code: 2,
      output: '',
      complaints: `xw: ${message} [XW_USAGE] see docs/errors.md#xw_usage\n`,
    });
  });

  it.each(['invoice.update', 'invoices.updated', 'Invoice.Updated'])(
    'refuses to simulate %s, an event that never occurs, before it looks for where to send it',
    async (name) => {
      expect(await xw('simulate', name)).toEqual({
        code: 2,
        output: '',
        complaints: `xw: unknown event "${name}": did you mean invoice.updated? [XW_EVENT_NAME] see docs/errors.md#xw_event_name\n`,
      });
    },
  );

  it('simulates an event of a category that Xero may add', async () => {
    const server = createServer((request, response) => request.resume().once('end', () => response.end()));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
    expect(await xw('simulate', 'payrun.created', '--url', url, '--key', 'key')).toEqual({
      code: 0,
      output: expect.stringContaining('200 × 1'),
      complaints: 'note       Xero documents no event named payrun.created\n',
    });
  });

  it('simulates at a rate for a time, with some requests sent twice, and says so in JSON', async () => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
      request.resume().once('end', () => response.end());
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
    const args = ['--rate', '40/s', '--duration', '1s', '--duplicates', '10%', '--url', url, '--key', 'key', '--json'];
    const { code, stdout } = await runXw(['simulate', 'contact.updated', ...args]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'contact.updated',
      events: 40,
      requests: 40,
      sentTwice: 4,
      answers: [{ status: 200, count: 44 }],
      passed: true,
    });
    expect(requests).toBe(44);
  });

  it('fails with exit code 1 where it does not know where to send to', async () => {
    expect(await xw('simulate', 'invoice.updated')).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/^xw: no address to send to: .* \[XW_NO_TARGET\] see docs.*\n$/),
    });
  });
});
