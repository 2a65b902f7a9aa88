import { readFileSync } from 'node:fs';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { findRedisBinary, freePort, startRedisBinary } from '@xero-webhooks/local-redis';
import {
  absentRedis,
  describeWithRedisBinary,
  ownRedis,
  ROOT,
  securityArgs,
  testClient,
  until,
} from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppProcess } from '@xero-webhooks/testing';
import { failToStart } from './support/fail-to-start.ts';
import { handledFile } from './support/handled-file.ts';
import { describeWithTls, ownCertificates, ownFolder } from './support/redis-servers.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const PROGRAMS = ['ingress', 'worker', 'board', 'cli'] as const;
const HANDLERS = `${ROOT}test/support/varied-handlers.ts`;

let number = 0;

function body(): Buffer {
  const dateUtc = '2026-01-02T03:04:05.67';
  const event = xeroEvent({
    category: 'invoice',
    type: 'update',
    resourceId: `r-${++number}`,
    tenantId: 't-1',
    dateUtc,
  });
  return xeroBody([event], 1);
}

/** The lines that say why Redis cannot be worked with. */
function linesWithCause({ lines }: AppProcess, cause: string): string[] {
  return lines.filter((line) => line['cause'] === cause).map(({ msg }) => msg);
}

async function readiness({ admin }: { admin: string }): Promise<number> {
  return (await fetch(`${admin}/readyz`)).status;
}

describe('a process does not start with an address of Redis', () => {
  it.each(
    PROGRAMS.flatMap((program) =>
      [
        '/events',
        '/-1',
        '/1.5',
        '/ 2',
        '?db=s3cret',
        '?s3cret',
        '#s3cret',
        ':s3cret',
        '/s3cret@host',
        '?a=s3cret@host',
      ].map((end) => [program, end] as const),
    ).filter(([program, end]) => program === 'ingress' || end === '/events' || end.includes('@')),
  )('%s: redis://127.0.0.1:123%s', async (program, end) => {
    const lines = await failToStart(program, { REDIS_URL: `redis://127.0.0.1:123${end}` });
    expect(lines).toEqual([
      expect.stringMatching(/^\w+: REDIS_URL .+: .+ \[XW_CONFIG\] see docs\/errors\.md#xw_config$/),
    ]);
    expect(lines.join()).not.toContain('s3cret');
  });

  it('that has another database than a Cluster has', async () => {
    const lines = await failToStart('worker', { REDIS_URL: 'redis://127.0.0.1/1', REDIS_CLUSTER: '127.0.0.1:1' });
    expect(lines).toEqual([
      expect.stringMatching(
        /^worker: REDIS_URL names database 1, but a Cluster only has database 0: .* \[XW_CONFIG\] see docs\/errors\.md#xw_config$/,
      ),
    ]);
  });
});

describeWithRedisBinary('a database that Redis does not have', () => {
  it.each(PROGRAMS)('stops the start of %s', async (program) => {
    const redis = await ownRedis();
    for (const database of [16, 99]) {
      const lines = await failToStart(program, { REDIS_URL: `${redis.url}/${database}` });
      expect(lines).toEqual([
        expect.stringMatching(
          /^\w+: Redis refuses the database in REDIS_URL: ERR DB index is out of range; .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
        ),
      ]);
    }
    expect(await redis.client().keys('*')).toEqual([]);
  });

  it('is an outage where Redis comes later, and nothing is done in another one', async () => {
    const redis = await absentRedis();
    const { file, read } = handledFile();
    const environment = { REDIS_URL: `${redis.url}/20`, HANDLED_FILE: file };
    const worker = await startWorker('xw', HANDLERS, environment, { withoutRedis: true });
    const ingress = await startIngress('xw', environment, { withoutRedis: true });
    await redis.start();
    for (const process of [worker, ingress]) {
      await process.line(
        ({ msg, code }) => code === 'XW_REDIS_REFUSED' && msg.includes('refuses the database in REDIS_URL'),
      );
      expect(await readiness(process)).toBe(503);
    }

    // The environment that uses database 0 under the same prefix.
    const other = await startIngress('xw', { REDIS_URL: redis.url });
    expect((await post(other.url, body())).status).toBe(200);
    const answer = await post(ingress.url, body());
    expect(answer.status).toBe(503);
    // What it notes of its request a moment later is done in its own database.
    other.child.kill('SIGTERM');
    await other.ended;
    const reason = ({ reason: why }: Record<string, unknown>): boolean => String(why).includes('refuses the database');
    await ingress.line(reason);
    const client = redis.client();
    await client.config('RESETSTAT');
    const failedSelects = async (): Promise<number> =>
      Number(/^cmdstat_select:.*failed_calls=(\d+)/m.exec(await client.info('commandstats'))?.[1] ?? 0);
    await until(async () => (await failedSelects()) >= 10, 'every connection to try again');
    expect(await client.info('commandstats')).not.toMatch(/^cmdstat_(?:bzpopmin|eval|evalsha):/m);
    expect(await client.llen('xw:xero-events-0:wait')).toBe(1);
    expect(read()).toEqual([]);
    for (const process of [worker, ingress]) {
      expect(process.lines.filter(({ msg }) => msg.includes('refuses the database'))).toHaveLength(1);
      expect(process.lines.filter((line) => 'err' in line)).toEqual([]);
    }

    await redis.kill();
    await redis.start('--databases', '32');
    for (const process of [worker, ingress]) {
      await process.line(({ msg }) => msg.endsWith(' is ready'));
      await until(async () => (await readiness(process)) === 200, 'it to be ready');
    }
    expect((await post(ingress.url, body())).status).toBe(200);
    await until(() => read('record').length === 1, 'its own event');
    expect(await client.llen('xw:xero-events-0:wait')).toBe(1);
  });
});

describeWithRedisBinary('an address that leads nowhere', () => {
  it.each([
    [
      'a host without an address',
      'redis://user:s3cret@no-such-host.invalid',
      'ENOTFOUND',
      /check the host in REDIS_URL/,
    ],
    [
      'a port where nothing listens',
      'redis://user:s3cret@127.0.0.1:1',
      'ECONNREFUSED',
      /start Redis, or check the host/,
    ],
  ])('is told of once, with its remedy: %s', async (_what, REDIS_URL, cause, remedy) => {
    const ingress = await startIngress('xw', { REDIS_URL }, { withoutRedis: true });
    const worker = await startWorker('xw', HANDLERS, { REDIS_URL }, { withoutRedis: true });
    for (let times = 0; times < 3; times++) expect((await post(ingress.url, body())).status).toBe(503);
    for (const process of [ingress, worker]) {
      expect(linesWithCause(process, cause)).toEqual([expect.stringMatching(remedy)]);
      expect(await readiness(process)).toBe(503);
      expect(process.lines.filter(({ msg }) => msg.endsWith('is ready'))).toEqual([]);
      expect(JSON.stringify(process.lines)).not.toContain('s3cret');
    }
  });

  it('is no fault any more once Redis is there, and the process says that it is ready', async () => {
    const redis = await absentRedis();
    const ingress = await startIngress('xw', { REDIS_URL: redis.url }, { withoutRedis: true });
    await redis.start();
    await ingress.line(({ msg }) => msg === 'ingress is ready');
    expect((await post(ingress.url, body())).status).toBe(200);
    expect(linesWithCause(ingress, 'ECONNREFUSED')).toHaveLength(1);
    await redis.kill();
    await until(() => linesWithCause(ingress, 'ECONNREFUSED').length === 2, 'the next outage to be told of');
  });
});

describeWithTls('TLS on one side only', () => {
  it.each(PROGRAMS)('stops the start of %s and says which', async (program) => {
    const certificates = ownCertificates(['IP:127.0.0.1'], onTestFinished);
    const plain = await ownRedis();
    const port = await freePort();
    const tls = await startRedisBinary(findRedisBinary(process.env['PATH']!)!, {
      dir: ownFolder(onTestFinished),
      port,
      args: securityArgs({ certificates }, port),
    });
    onTestFinished(tls.stop);
    for (const [REDIS_URL, words] of [
      [`rediss://:s3cret@127.0.0.1:${plain.port}`, 'Redis does not speak TLS at this port: write redis:// instead'],
      [`redis://:s3cret@127.0.0.1:${port}`, 'Redis speaks TLS at this port: write rediss:// instead'],
      [`rediss://:s3cret@127.0.0.1:${port}`, 'the certificate of Redis is not accepted: self-signed certificate'],
    ] as const) {
      const lines = await failToStart(program, { REDIS_URL });
      expect(lines).toEqual([
        expect.stringMatching(/^\w+: .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/),
      ]);
      expect(lines[0]).toContain(words);
      expect(lines[0]).not.toContain('s3cret');
    }
  });
});

describeWithRedisBinary('a user of Redis', () => {
  /** The rights that docs/redis.md lists. */
  const documented = /ACL SETUSER xw on >PASSWORD (.+)$/m.exec(readFileSync(`${ROOT}docs/redis.md`, 'utf8'))![1]!;

  async function userWith(...rights: string[]): Promise<string> {
    const redis = await ownRedis();
    await testClient(redis.url).call('ACL', 'SETUSER', 'app', 'on', '>word', ...rights);
    return redis.url.replace('redis://', 'redis://app:word@');
  }

  it('with the documented rights can do everything', async () => {
    const REDIS_URL = await userWith(...documented.split(' '));
    const { file, read } = handledFile();
    const ingress = await startIngress('xw', { REDIS_URL });
    const worker = await startWorker('xw', HANDLERS, { REDIS_URL, HANDLED_FILE: file, RETRY_BASE_MS: '20' });
    expect((await post(ingress.url, body())).status).toBe(200);
    expect((await post(ingress.url, '{')).status).toBe(400);
    await until(() => read('record').length === 1, 'the event');
    expect(JSON.stringify([...ingress.lines, ...worker.lines])).not.toContain('NOPERM');
  });

  it.each([
    ['ingress', '-@scripting', /NOPERM .*'eval/],
    ['worker', '-@scripting', /NOPERM .*'eval/],
    ['ingress', '-xadd', /may not run xadd on keys that begin with xw:/],
    ['worker', '-hset', /may not run hset on keys/],
    ['worker', '-bzpopmin', /may not run bzpopmin on keys/],
    ['board', '-get', /NOPERM .*'get'/],
    ['ingress', 'resetkeys', /NOPERM/],
  ] as const)('stops the start of %s without a right that it needs: %s', async (program, right, words) => {
    const REDIS_URL = await userWith(...documented.split(' '), right);
    const lines = await failToStart(program, { REDIS_URL });
    expect(lines).toEqual([
      expect.stringMatching(
        /^\w+: Redis refuses .*docs\/redis\.md.* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
    expect(lines[0]).toMatch(words);
  });
});
