import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openQueue } from '../packages/queue/src/open-queue.ts';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import { describeWithRedisBinary, ownRedis, testPrefix } from '@xero-webhooks/testing';
import { expect, inject, it, onTestFinished } from 'vitest';
import { operatedSystem } from './support/operated-system.ts';
import { runXw } from './support/run-xw.ts';

type Finding = { area: string; result: string; found: string; remedy: string };

/** The findings of a doctor in JSON, and its exit code. */
async function findings(
  run: (...args: string[]) => Promise<{ code: number | null; stdout: string; stderr: string }>,
): Promise<{ code: number | null; all: Finding[]; bad: Finding[] }> {
  const { code, stdout, stderr } = await run('doctor', '--json');
  expect(stderr).toBe('');
  const { findings: all } = JSON.parse(stdout) as { findings: Finding[] };
  return { code, all, bad: all.filter(({ result }) => result === 'problem') };
}

/** A doctor that sees nothing but these variables, in a folder in which nothing was started. */
const doctorWith =
  (environment: Record<string, string>) =>
  (...args: string[]) =>
    runXw(args, environment);

const problem = (area: string, found: string | RegExp): object => ({
  area,
  result: 'problem',
  found: typeof found === 'string' ? expect.stringContaining(found) : expect.stringMatching(found),
  remedy: expect.stringMatching(/\w/),
});

describeWithRedisBinary('xw doctor', () => {
  it('finds nothing to act on where all is well, and says what it has looked at', async () => {
    const { worker, send, reach, xw } = await operatedSystem();
    await worker();
    await send(['good']);
    await reach('completed', 1);
    const { code, stdout, stderr } = await xw('doctor');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const found of [
      /^ok {7}redis {10}version \d/m,
      /^ok {7}redis {10}maxmemory-policy is noeviction$/m,
      /^ok {7}clock {10}this machine's clock agrees with Redis's$/m,
      /^ok {7}queues {9}1 queue, as recorded$/m,
      /^ok {7}workers {8}1 worker: \S+:\d+$/m,
      /^nothing needs action/m,
    ]) {
      expect(stdout).toMatch(found);
    }
  });

  it('misses the workers while events wait, and names the command for what has failed', async () => {
    const { worker, send, sendBody, reach, xw } = await operatedSystem();
    const running = await worker();
    await send(['bad']);
    await sendBody(Buffer.from('not json'));
    await reach('failed', 1);
    running.child.kill('SIGTERM');
    await running.ended;
    await send(['good']);
    const { code, all, bad } = await findings(xw);
    expect(code).toBe(1);
    expect(bad).toEqual([problem('workers', 'no worker is running, and 1 event waits for one')]);
    expect(all).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          result: 'warning',
          found: '1 dead letter',
          remedy: expect.stringContaining('xw failed list'),
        }),
        expect.objectContaining({ result: 'warning', remedy: '"xw quarantine list" shows them' }),
      ]),
    );
  });

  it('finds workers that differ in what they handle', async () => {
    const { worker, xw } = await operatedSystem();
    await worker();
    await worker({ LATE_HANDLER: 'yes' });
    const { code, all } = await findings(xw);
    expect(code).toBe(0);
    expect(all).toContainEqual(
      expect.objectContaining({
        area: 'workers',
        result: 'warning',
        found: expect.stringContaining('other handlers than'),
      }),
    );
  });

  it('finds queues that are paused, and queues that nobody reads', async () => {
    const prefix = testPrefix();
    const redis = await testQueueRedis(prefix);
    await redis.client.set(`${prefix}:shards`, 1);
    await openQueue(redis, 0).pause();
    const unread = openQueue(redis, 3, {});
    await unread.add('invoice.updated', {} as never);
    const doctor = doctorWith({ REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix, QUEUE_SHARDS: '2' });
    const { code, bad } = await findings(doctor);
    expect(code).toBe(1);
    expect(bad).toEqual(
      expect.arrayContaining([
        problem('queues', 'QUEUE_SHARDS is 2 here, but 1 is recorded'),
        problem('queues', 'xero-events-0 is paused'),
        problem('queues', 'xero-events-3 holds 1 event, and no worker reads it'),
      ]),
    );
  });

  it('says what is wrong with each variable, and never shows a secret', async () => {
    const { code, stdout } = await runXw(['doctor'], {
      REDIS_URL: 'redis://:redis-secret@127.0.0.1:1',
      XERO_WEBHOOK_KEY: 'a key with spaces',
      TOKEN_ENCRYPTION_KEY: 'too-short-secret',
      WORKER_CONCURRENCY: 'many',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('PROBLEM  configuration  XERO_WEBHOOK_KEY has a space inside');
    expect(stdout).toContain('PROBLEM  configuration  TOKEN_ENCRYPTION_KEY is malformed');
    expect(stdout).toContain('WORKER_CONCURRENCY must be a whole number from 1 to 10000 (got "many")');
    expect(stdout).toMatch(/^PROBLEM {2}redis +Redis does not answer \(127\.0\.0\.1:1\): start it/m);
    expect(stdout).toMatch(/\n4 problems to act on$/m);
    expect(stdout).not.toMatch(/redis-secret|a key with|too-short/);
  });

  it('tells a key for development from one of Xero', async () => {
    const { all } = await findings(
      doctorWith({
        REDIS_URL: inject('redis').url,
        REDIS_PREFIX: testPrefix(),
        XERO_WEBHOOK_KEY: 'xw-development-abc',
      }),
    );
    expect(all).toContainEqual(
      expect.objectContaining({ result: 'warning', found: expect.stringContaining('what Xero sends is refused') }),
    );
  });

  it('looks at how Redis keeps events, and says what a server does not tell', async () => {
    const safe = await ownRedis('--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory', '100mb');
    expect((await runXw(['doctor'], { REDIS_URL: safe.url })).stdout).toMatch(
      /^ok +redis +writes each event to disk before it is acknowledged \(appendfsync always\)\nok +redis +uses \d+ MB of 105 MB$/m,
    );
    const silent = await ownRedis('--appendonly', 'yes', '--rename-command', 'CONFIG', '');
    expect((await runXw(['doctor'], { REDIS_URL: silent.url, REDIS_WAIT_REPLICAS: '1' })).stdout).toMatch(
      /^\? +redis +this server does not say how it writes to disk\n.*\n.*\n.*\nPROBLEM +redis +has 0 of the 1 replicas that REDIS_WAIT_REPLICAS asks for/m,
    );
    const evicting = await ownRedis('--maxmemory-policy', 'allkeys-lru');
    const { code, stdout } = await runXw(['doctor'], { REDIS_URL: evicting.url });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^PROBLEM +redis +Redis may evict events: maxmemory-policy is allkeys-lru, expected noeviction/m,
    );
  });

  it('looks whether what it reads from can be reached', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { all } = await findings(
      doctorWith({
        REDIS_URL: inject('redis').url,
        REDIS_PREFIX: testPrefix(),
        XERO_CLIENT_ID: 'app',
        XERO_API_URL: there,
        XERO_IDENTITY_URL: 'http://127.0.0.1:1',
      }),
    );
    expect(all.filter(({ area }) => area === 'xero' || area === 'organisations')).toEqual([
      expect.objectContaining({ result: 'ok' }),
      problem('organisations', 'XERO_CLIENT_ID is set without TOKEN_ENCRYPTION_KEY'),
      { area: 'xero', result: 'ok', found: `${there} answers`, remedy: '' },
      problem('xero', 'http://127.0.0.1:1 cannot be reached (ECONNREFUSED)'),
    ]);
  });
});
