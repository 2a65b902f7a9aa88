import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, startRedisBinary } from '@xero-webhooks/local-redis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { failToStart as failToStartWith } from './support/fail-to-start.ts';
import { describeWithRealRedis, testClient, testPrefix } from '@xero-webhooks/testing';

/** What all of them could start with. */
const good = (): Record<string, string> => ({
  REDIS_URL: inject('redis').url,
  REDIS_PREFIX: testPrefix(),
  XERO_WEBHOOK_KEY: 'a-secret-key',
  BOARD_PASSWORD: 'a-secret-password',
  INGRESS_HOST: '127.0.0.1',
  INGRESS_PORT: '0',
  BOARD_PORT: '0',
});

const failToStart = (app: 'ingress' | 'worker' | 'board', environment: Record<string, string>): Promise<string[]> =>
  failToStartWith(app, { ...good(), ...environment });

function handlerFile(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'xw-handlers-')), name);
  writeFileSync(path, text);
  return path;
}

describe('a process that cannot start says why in one line', () => {
  it.each([
    [
      'ingress',
      { XERO_WEBHOOK_KEY: '' },
      'ingress: XERO_WEBHOOK_KEY is not set: set it to a webhook key, or several separated by commas [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'worker',
      { XERO_TOKEN_URL: 'http://127.0.0.1:1', XERO_DAY_LIMIT: '1000', XERO_DAY_RESERVE: '1000' },
      'worker: XERO_DAY_RESERVE is 1000; expected less than XERO_DAY_LIMIT (1000), or nothing could be read [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'worker',
      { RECONCILE_INTERVAL_S: '3600', RECORD: 'off' },
      'worker: RECONCILE_INTERVAL_S needs a record to compare with, and RECORD is off [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'worker',
      { RECONCILE_INTERVAL_S: '7200', RECORD_RETENTION_S: '3600' },
      'worker: RECONCILE_INTERVAL_S is 7200; expected RECORD_RETENTION_S (3600) at most: older events are no longer on record [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'worker',
      { XERO_CLIENT_ID: 'id', TOKEN_ENCRYPTION_KEY: 'c2VjcmV0' },
      'worker: TOKEN_ENCRYPTION_KEY is malformed: it must be 32 bytes in base64, as `openssl rand -base64 32` makes them, or several separated by commas [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { XERO_WEBHOOK_KEY: 'a-secret-key,,' },
      'ingress: XERO_WEBHOOK_KEY is malformed: it must be a webhook key, or several separated by commas [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { INGRESS_PORT: '99999' },
      'ingress: INGRESS_PORT must be a whole number from 0 to 65535 (got "99999") [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { WEBHOOK_PATH: '/healthz' },
      'ingress: WEBHOOK_PATH must be a path that begins with a slash, other than /healthz (got "/healthz") [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { UNREADABLE_STATUS: '500' },
      'ingress: UNREADABLE_STATUS must be one of 200, 400 (got "500") [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { REDIS_URL: '' },
      'ingress: REDIS_URL is not set: set it to an address such as redis://127.0.0.1:6379 [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'ingress',
      { REDIS_URL: 'http://user:a-secret@host' },
      'ingress: REDIS_URL is malformed: it must be an address that begins with redis:// or rediss:// [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'worker',
      { WORKER_CONCURRENCY: 'many' },
      'worker: WORKER_CONCURRENCY must be a whole number from 1 to 10000 (got "many") [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'board',
      { BOARD_PASSWORD: '' },
      "board: BOARD_PASSWORD is not set: set it to the board's password [XW_CONFIG] see docs/errors.md#xw_config",
    ],
    [
      'board',
      { BOARD_URL: 'https://host.example/connect/' },
      'board: BOARD_URL is malformed: it must be an address that begins with https:// or http://, without a query, whose path (if it has one) does not begin with /connect, /events, /failed, /handlers, /healthz, /login, /logout, /page, /quarantine or /queues [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'board',
      { BOARD_TRUSTED_PROXIES: '10.0.0.0/33' },
      'board: BOARD_TRUSTED_PROXIES must be an address or a network, such as 127.0.0.1 or 10.0.0.0/8, or several separated by commas (got "10.0.0.0/33") [XW_CONFIG] see docs/errors.md#xw_config',
    ],
    [
      'board',
      { TOKEN_ENCRYPTION_KEY: 'a-secret-password' },
      'board: TOKEN_ENCRYPTION_KEY is malformed: it must be 32 bytes in base64, as `openssl rand -base64 32` makes them, or several separated by commas [XW_CONFIG] see docs/errors.md#xw_config',
    ],
  ] as const)('%s with %j', async (program, environment, line) => {
    expect(await failToStart(program, environment as Record<string, string>)).toEqual([line]);
  });

  it.each([
    ['ingress', 'INGRESS_PORT'],
    ['ingress', 'INGRESS_ADMIN_PORT'],
    ['worker', 'WORKER_ADMIN_PORT'],
    ['board', 'BOARD_PORT'],
    ['board', 'BOARD_ADMIN_PORT'],
  ] as const)('%s where the port of %s is taken', async (program, variable) => {
    const squatter = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    expect(await failToStart(program, { [variable]: String(port) })).toEqual([
      `${program}: port ${port} on 127.0.0.1 is taken: set ${variable} to another port, or 0 for any free one [XW_PORT_TAKEN] see docs/errors.md#xw_port_taken`,
    ]);
  });

  it.each([
    [
      'that is not there',
      '/nowhere/handlers.ts',
      /^worker: HANDLERS names \/nowhere\/handlers\.ts, but there is no such file.* \[XW_HANDLERS_MISSING\] see docs\/errors\.md#xw_handlers_missing$/,
    ],
    [
      'that throws',
      () => handlerFile('h.mjs', "throw new Error('no database');"),
      /failed to load: Error: no database \(.*h\.mjs:1:\d+\) \[XW_HANDLERS_LOAD\] see docs\/errors\.md#xw_handlers_load$/,
    ],
    [
      'without a default function',
      () => handlerFile('h.mjs', 'export const register = 1;'),
      /has no default export; it exports register.* \[XW_HANDLERS_DEFAULT\] see docs\/errors\.md#xw_handlers_default$/,
    ],
    [
      'for an event that never occurs',
      () => handlerFile('h.mjs', "export default (on) => on('invoices.created', function a() {});"),
      /unknown event "invoices\.created": did you mean invoice\.created\? \[XW_HANDLERS_EVENT\] see docs\/errors\.md#xw_handlers_event$/,
    ],
  ])('worker with a handler module %s', async (_what, file, line) => {
    const lines = await failToStart('worker', { HANDLERS: typeof file === 'string' ? file : file() });
    expect(lines).toEqual([expect.stringMatching(line)]);
  });

  it('any process where another number of shards is recorded', async () => {
    const REDIS_PREFIX = testPrefix();
    await testClient().set(`${REDIS_PREFIX}:shards`, 4);
    for (const program of ['ingress', 'worker', 'board'] as const) {
      expect(await failToStart(program, { REDIS_PREFIX })).toEqual([
        expect.stringMatching(
          /^\w+: QUEUE_SHARDS is 1, but 4 is recorded in Redis under t-\w+:shards: .* \[XW_SHARDS\] see docs\/errors\.md#xw_shards$/,
        ),
      ]);
    }
  });
});

describeWithRealRedis('a process whose Redis refuses it says why in one line', () => {
  async function redisWith(...args: string[]): Promise<string> {
    const redis = await startRedisBinary(findRedisBinary(process.env['PATH']!)!, {
      dir: mkdtempSync(join(tmpdir(), 'xw-redis-')),
      args,
    });
    onTestFinished(redis.stop);
    return redis.url;
  }

  it.each(['ingress', 'worker', 'board'] as const)('%s with a wrong password', async (program) => {
    const address = new URL(await redisWith('--requirepass', 'right'));
    address.password = 'a-wrong-one';
    const lines = await failToStart(program, { REDIS_URL: address.href });
    expect(lines).toEqual([
      expect.stringMatching(
        /Redis refuses the connection: WRONGPASS .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
    expect(lines.join()).not.toContain('a-wrong-one');
  });

  it.each(['ingress', 'worker', 'board'] as const)('%s without the password', async (program) => {
    const lines = await failToStart(program, { REDIS_URL: await redisWith('--requirepass', 'right') });
    expect(lines).toEqual([
      expect.stringMatching(
        /Redis refuses the connection: NOAUTH .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
  });

  it.each(['ingress', 'worker', 'board'] as const)('%s with one that may evict events', async (program) => {
    const lines = await failToStart(program, { REDIS_URL: await redisWith('--maxmemory-policy', 'allkeys-lru') });
    expect(lines).toEqual([
      expect.stringMatching(
        /Redis may evict events: maxmemory-policy is allkeys-lru.* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
  });
});
