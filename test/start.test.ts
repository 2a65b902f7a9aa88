import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { processStat } from '@xero-webhooks/runtime/process-stat';
import { describeWithRealRedis, startProcess, until } from '@xero-webhooks/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { AppProcess } from '@xero-webhooks/testing';

const ANY_PORTS = {
  INGRESS_PORT: '0',
  BOARD_PORT: '0',
  INGRESS_ADMIN_PORT: '0',
  WORKER_ADMIN_PORT: '0',
  BOARD_ADMIN_PORT: '0',
};
const NO_REDIS_ON_PATH = { PATH: '/nowhere' };

type Started = AppProcess & { cwd: string; text: () => string };

/** Runs `pnpm start` in a folder of its own, on any free ports. */
function start(environment: Record<string, string> = {}, cwd = mkdtempSync(join(tmpdir(), 'xw-start-'))): Started {
  const app = startProcess(['apps/dev/src/main.ts'], { ...ANY_PORTS, ...environment }, { cwd });
  return Object.assign(app, { cwd, text: () => app.lines.map(({ msg }) => msg).join('\n') });
}

async function startAndWait(environment: Record<string, string> = {}, cwd?: string): Promise<Started> {
  const app = start(environment, cwd);
  await app.line(({ msg }) => msg.includes('Now send it an invoice'), 'its banner');
  return app;
}

/** Runs `xw` in the same folder; returns what it printed and its exit code. */
async function xw(cwd: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
  const app = startProcess(['apps/cli/src/main.ts', ...args], {}, { cwd });
  const { code } = await app.ended;
  return { code, text: app.lines.map(({ msg }) => msg).join('\n') };
}

/** The processes that were started, directly or not, by one. */
function descendants(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc').flatMap((entry): [number, number][] => {
      try {
        return [[Number(entry), Number(processStat(entry)[1])]];
      } catch {
        return [];
      }
    }),
  );
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** The one of the processes that runs a program of ours. */
function running(program: string, pids: readonly number[]): number | undefined {
  return pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program));
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const handled = (app: Started): number => app.lines.filter(({ msg }) => msg.includes('event handled')).length;

/** How many events the start has said were dropped as duplicates. */
function dropped(app: Started): number {
  const counts = [...app.text().matchAll(/queue +events dropped as duplicates: .* events=(\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('the one-command start', () => {
  it('handles simulated invoices, drops repeated ones, refuses bad signatures, and stops with nothing left behind', async () => {
    const app = await startAndWait();
    const first = await xw(app.cwd, 'simulate', 'invoice.updated', '--count', '20');
    expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/200 × 20/) });
    await until(() => handled(app) === 20, '20 handled events');

    const repeated = await xw(app.cwd, 'simulate', 'invoice.updated', '--count', '20', '--repeat');
    expect(repeated).toMatchObject({
      code: 0,
      text: expect.stringMatching(
        /sent again 20 .*\n.*200 × 20\n.*\nduplicates 20 dropped: the queue already has them$/,
      ),
    });
    await until(() => dropped(app) === 20, '20 dropped events');
    const bad = await xw(app.cwd, 'simulate', 'invoice.updated', '--bad-signature');
    expect(bad).toMatchObject({ code: 0, text: expect.stringMatching(/401 × 1/) });
    // One more event: when it is handled, the repeated ones would have been, too.
    await xw(app.cwd, 'simulate', 'contact.created');
    await until(() => handled(app) === 21, 'the contact');

    const left = JSON.parse(readFileSync(join(app.cwd, '.data/development.json'), 'utf8')) as { redisUrl: string };
    const client = new Redis(left.redisUrl);
    expect(await client.zcard('xw:xero-events-0:completed')).toBe(21);
    client.disconnect();

    const family = descendants(app.child.pid!);
    expect(family.length).toBeGreaterThanOrEqual(5);
    expect(running('fake-xero-process', family)).toBeDefined();
    app.child.kill('SIGINT');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('lets handlers read what is simulated in the fake Xero that it announces', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    writeFileSync(
      join(cwd, 'handlers.ts'),
      `export default (on) => on('invoice.updated', async function read(event, context) {
         context.log.info({ number: (await context.resource()).InvoiceNumber }, 'invoice read');
       });\n`,
    );
    const app = await startAndWait({ HANDLERS: 'handlers.ts' }, cwd);
    const [, url] = /Xero +the fake one on (http:\S+)/.exec(app.text()) ?? [];
    expect(await xw(cwd, 'simulate', 'invoice.updated', '--count', '3')).toMatchObject({
      code: 0,
      text: expect.stringMatching(new RegExp(`^sent +3 .* in 3 requests to .*, by the fake Xero at ${url}\n.*200 × 3`)),
    });
    await until(() => handled(app) === 3, '3 handled events');
    const read = (): string[] =>
      [...app.text().matchAll(/invoice read .* number=(\S+)/g)].map(([, number]) => number!).toSorted();
    expect(read()).toEqual(['INV-0001', 'INV-0002', 'INV-0003']);
    expect(app.text()).toMatch(/xero +GET \/api\.xro\/2\.0\/Invoices.* status=200/);
    expect(app.text()).not.toMatch(/IDs=|Bearer/);

    expect(await xw(cwd, 'simulate', 'invoice.updated', '--repeat')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^sent again 3 .*\/webhook\n.*200 × 3/),
    });
    // One more event: when it is handled, the repeated ones would have been, too.
    await xw(cwd, 'simulate', 'invoice.updated');
    await until(() => read().includes('INV-0004'), 'the fourth invoice');
    expect(read()).toEqual(['INV-0001', 'INV-0002', 'INV-0003', 'INV-0004']);
  });

  it('starts a worker again that a handler has ended, and names the handler', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    const handlers = join(cwd, 'handlers.mjs');
    writeFileSync(
      handlers,
      `export default (on) => on('*', async function forgetful(event) {
         if (event.name !== 'contact.created') return;
         Promise.reject(new Error('nobody waits for this'));
         await new Promise((resolve) => setTimeout(resolve, 5_000));
       });`,
    );
    const app = await startAndWait({ HANDLERS: handlers }, cwd);
    await xw(cwd, 'simulate', 'contact.created');
    await app.line(({ msg }) => msg.includes('the worker ended with exit code 1: restarting it in 1 s'));
    expect(app.text()).toMatch(/handler forgetful left an error uncaught.*await is missing/);
    expect(app.text()).toContain('nobody waits for this');
    await until(() => app.lines.filter(({ msg }) => msg.includes('worker is ready')).length > 1, 'the next worker');
    await xw(cwd, 'simulate', 'invoice.updated', '--count', '3');
    await until(() => handled(app) >= 3, 'the invoices to be handled');
    app.child.kill('SIGINT');
    expect((await app.ended).code).toBe(0);
  });

  it('shows where a handler failed, in the lines that are its own, and when it is tried again', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    const handlers = join(cwd, 'handlers.mjs');
    writeFileSync(
      handlers,
      `export default (on) => on('*', async function unlucky() {\n  throw new Error('no luck');\n});`,
    );
    const app = await startAndWait({ HANDLERS: handlers }, cwd);
    await xw(cwd, 'simulate', 'contact.created');
    await app.line(({ msg }) => /event failed and will be retried .*nextAt=/.test(msg));
    await app.line(({ msg }) => /^    at .*unlucky .*handlers\.mjs:2:9/.test(msg));
    expect(app.text()).not.toMatch(/^    at .*(?:node:|packages\/)/m);
  });

  it('offers the command that runs a failed event again, until it is a dead letter after five attempts', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    const handlers = join(cwd, 'handlers.mjs');
    writeFileSync(
      handlers,
      `export default (on) => on('*', async function unlucky() { throw new Error('no luck'); });`,
    );
    const app = await startAndWait({ HANDLERS: handlers }, cwd);
    expect(app.text()).toMatch(/Retries +5 attempts within some 15 seconds/);
    await xw(cwd, 'simulate', 'contact.created');
    /** The words of the command that an output has offered last. */
    const offered = async (about: string): Promise<string[]> => {
      const { msg } = await app.line(({ msg: text }) => text.startsWith(`    ${about}: npx pnpm@12 xw `), about);
      return msg.split(' xw ')[1]!.split(' ');
    };
    const runNow = await offered('run it now');
    const attempts = (): number =>
      app.text().match(/worker +(?:warn|error) +event (?:failed|is a dead letter)/g)?.length ?? 0;
    for (let attempt = 2; attempt <= 5; attempt++) {
      await xw(cwd, ...runNow);
      await until(() => attempts() >= attempt, `attempt ${attempt}`);
    }
    const retry = await offered('run it again');
    writeFileSync(handlers, `export default (on) => on('*', async function unlucky() {});`);
    await until(() => app.lines.filter(({ msg }) => msg.includes('worker is ready')).length > 1, 'the mended worker');
    expect(await xw(cwd, ...retry)).toMatchObject({ code: 0 });
    await until(() => handled(app) === 1, 'the event to be handled');
  });

  it('starts no fake Xero where another one is named', async () => {
    const app = await startAndWait({ XERO_FAKE_URL: 'http://127.0.0.1:9' });
    expect(app.text()).toMatch(/Xero +set by XERO_FAKE_URL/);
    expect(running('fake-xero-process', descendants(app.child.pid!))).toBeUndefined();
    expect(await xw(app.cwd, 'simulate', 'invoice.updated')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^sent +1 .*\/webhook\n/),
    });
  });

  it('ends when its fake Xero does', async () => {
    const app = await startAndWait();
    process.kill(running('fake-xero-process', descendants(app.child.pid!))!, 'SIGKILL');
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toContain('xero ended with exit code 1: stopping the rest');
  });

  it('shows no line that LOG_LEVEL leaves out, but says where everything is', async () => {
    const app = await startAndWait({ LOG_LEVEL: 'warn' });
    await xw(app.cwd, 'simulate', 'invoice.updated');
    app.child.kill('SIGINT');
    expect((await app.ended).code).toBe(0);
    expect(app.text()).toContain('only the development key is set');
    expect(app.text()).not.toMatch(/is ready|request accepted|stopped/);
  });

  it('says whether the endpoint would pass the intent to receive', async () => {
    const app = await startAndWait();
    expect(await xw(app.cwd, 'simulate', 'intent-to-receive')).toMatchObject({
      code: 0,
      text: expect.stringContaining('would pass the intent to receive'),
    });
    const elsewhere = await xw(app.cwd, 'simulate', 'intent-to-receive', '--key', 'another');
    expect(elsewhere).toMatchObject({ code: 1, text: expect.stringContaining('Response not 200') });
  });

  it('keeps the key and the address where only their owner can read them', async () => {
    const { cwd } = await startAndWait();
    for (const file of ['webhook-key', 'board-password', 'development.json']) {
      expect(statSync(join(cwd, '.data', file)).mode & 0o777).toBe(0o600);
    }
  });

  it('works without a Redis, on a stand-in that it warns of', async () => {
    const app = await startAndWait(NO_REDIS_ON_PATH);
    expect(app.text()).toContain('ITS DATA IS LOST ON EXIT');
    expect((await xw(app.cwd, 'simulate', 'invoice.created', '--count', '3', '--per-request', '3')).code).toBe(0);
    await until(() => handled(app) === 3, '3 handled events');
    const family = descendants(app.child.pid!);
    app.child.kill('SIGINT');
    expect((await app.ended).code).toBe(0);
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('takes secrets from files', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    writeFileSync(join(cwd, 'key'), 'from-a-file\n');
    writeFileSync(join(cwd, 'password'), 'also-from-a-file\n');
    const app = await startAndWait({ XERO_WEBHOOK_KEY_FILE: 'key', BOARD_PASSWORD_FILE: 'password' }, cwd);
    expect((await xw(cwd, 'simulate', 'invoice.updated', '--key', 'from-a-file')).code).toBe(0);
    expect(app.text()).toContain('password as in BOARD_PASSWORD');
    expect(app.text()).not.toContain('from-a-file');
  });

  it('ends when its Redis does', async () => {
    const app = await startAndWait(NO_REDIS_ON_PATH);
    process.kill(running('js-redis-process', descendants(app.child.pid!))!, 'SIGKILL');
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toContain('Redis ended with exit code 1: stopping the rest');
  });

  it('refuses the stand-in in production', async () => {
    const app = start({ ...NO_REDIS_ON_PATH, NODE_ENV: 'production' });
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toMatch(
      /^start: there is no Redis: .* \[XW_REDIS_ABSENT\] see docs\/errors\.md#xw_redis_absent$/,
    );
  });

  it('says that nothing answers at REDIS_URL', async () => {
    const app = start({ REDIS_URL: 'redis://user:secret@127.0.0.1:1' });
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toMatch(
      /^start: REDIS_URL names 127\.0\.0\.1:1, but nothing answers there.* \[XW_REDIS_ABSENT\] see docs\/errors\.md#xw_redis_absent$/,
    );
    expect(app.text()).not.toContain('secret');
  });

  it.each([
    [
      'redis://user:s3cret@no-such-host.invalid',
      /its host name has no address \(ENOTFOUND\): .* \[XW_REDIS_ABSENT\] see docs\/errors\.md#xw_redis_absent$/,
    ],
    [
      'redis://user:s3cret/1@127.0.0.1',
      /^start: REDIS_URL has an "@" after .* \[XW_CONFIG\] see docs\/errors\.md#xw_config$/,
    ],
    [
      `${inject('redis').url}/events`,
      /^start: REDIS_URL names a database that is not a whole number: .* \[XW_CONFIG\] see docs\/errors\.md#xw_config$/,
    ],
  ])('says in one line what is wrong with %s', async (REDIS_URL, line) => {
    const app = start({ REDIS_URL });
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toMatch(line);
    expect(app.text()).not.toContain('s3cret');
    expect(app.text().trim().split('\n')).toHaveLength(1);
  });

  it('names the port that is taken and the variable to change, and stops the rest', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const app = start({ INGRESS_PORT: String(port) });
    expect((await app.ended).code).toBe(1);
    expect(app.text()).toContain(`port ${port} on 127.0.0.1 is taken: set INGRESS_PORT`);
    expect(app.text()).toContain('ingress ended with exit code 1: stopping the rest');
  });

  it('shows how a worker crashed and starts it again, and stops the rest in order', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    writeFileSync(join(cwd, 'handlers.ts'), "export default (on) => on('*', function die() { process.exit(7); });\n");
    const app = await startAndWait({ HANDLERS: 'handlers.ts' }, cwd);
    await xw(cwd, 'simulate', 'invoice.updated');
    await app.line(({ msg }) => msg.includes('the worker ended with exit code 7: restarting it in 1 s'));
    expect(app.text()).toContain('handler die ended the process with exit code 7');
    app.child.kill('SIGINT');
    expect((await app.ended).code).toBe(0);
  });

  it('restarts the worker when a handler changes, and waits where the change does not load', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-start-'));
    mkdirSync(join(cwd, 'mine'));
    const write = (text: string): void => writeFileSync(join(cwd, 'mine/handlers.ts'), text);
    const named = (name: string): string => `export default (on) => on('invoice.updated', function ${name}() {});\n`;
    write(named('before'));
    const app = await startAndWait({ HANDLERS: 'mine/handlers.ts' }, cwd);
    write('export default (on => {');
    await app.line(({ msg }) => msg.includes('waiting for the next one'));
    write(named('after'));
    await app.line(({ msg }) => msg.includes('worker is ready') && msg.includes('handlers=after'));
    expect((await xw(cwd, 'simulate', 'invoice.updated')).code).toBe(0);
    await app.line(({ msg }) => msg.includes('event handled') && msg.includes('after:succeeded'));
  });
});

describeWithRealRedis('a second start in the same folder', () => {
  it('says that the first one runs, and leaves it and its Redis alone', async () => {
    const first = await startAndWait();
    const second = start({}, first.cwd);
    expect((await second.ended).code).toBe(1);
    expect(second.text()).toBe(
      `start: "xw dev" already runs in this folder, as process ${first.child.pid}: stop it first, or start in another folder [XW_ALREADY_RUNS] see docs/errors.md#xw_already_runs`,
    );
    expect(await xw(first.cwd, 'simulate', 'invoice.updated')).toMatchObject({ code: 0 });
    await until(() => handled(first) === 1, 'the event');

    first.child.kill('SIGINT');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const third = await startAndWait({}, first.cwd);
    third.child.kill('SIGINT');
    expect(await third.ended).toEqual({ code: 0, signal: null });
  });
});

describeWithRealRedis('the one-command start after it was killed', () => {
  it('finds its Redis again, with every event in it, and leaves no second one behind', async () => {
    const killed = await startAndWait();
    await xw(killed.cwd, 'simulate', 'invoice.updated', '--count', '5');
    await until(() => handled(killed) === 5, '5 handled events');
    const family = descendants(killed.child.pid!);
    const names = new Map(family.map((pid) => [pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8')]));
    killed.child.kill('SIGKILL');
    await until(() => family.filter(isAlive).length === 1, 'the processes to notice');
    const redis = family.find(isAlive);
    expect(names.get(redis!)).toMatch(/redis-server|valkey-server/);

    const again = await startAndWait({}, killed.cwd);
    const passwordOf = (app: Started): string | undefined => /password (\S+)\)/.exec(app.text())?.[1];
    expect(passwordOf(again)).toMatch(/^\S{12}$/);
    expect(passwordOf(again)).toBe(passwordOf(killed));
    const { redisUrl } = JSON.parse(readFileSync(join(killed.cwd, '.data/development.json'), 'utf8')) as {
      redisUrl: string;
    };
    const client = new Redis(redisUrl);
    expect(await client.zcard('xw:xero-events-0:completed')).toBe(5);
    client.disconnect();
    again.child.kill('SIGINT');
    await again.ended;
    expect(isAlive(redis!)).toBe(false);
    expect(execFileSync('ls', [join(killed.cwd, '.data')], { encoding: 'utf8' })).not.toMatch(
      /redis\.json|start\.json/,
    );
  });
});
