import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalRedis } from '@xero-webhooks/local-redis';
import { findRedisBinary, freePort, startRedisBinary } from '@xero-webhooks/local-redis';
import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { describeWithRealRedis, testClient } from '@xero-webhooks/testing';
import { CodedError } from '../coded-error.ts';
import type { Log } from '../logger.ts';
import { createRedisConnections } from './connect.ts';
import { watchRedis } from './watch.ts';

type Line = Record<string, unknown> & { level: string; msg: string };

/** A log that keeps its lines, and lets a test wait for one. */
function listeningLog(): { log: Log; lines: Line[]; said: (message: string, times?: number) => Promise<Line> } {
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Line);
    for (const listener of listeners) listener();
  };
  return {
    log: pino({ formatters: { level: (label) => ({ level: label }) } }, { write }),
    lines,
    said: (message, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.filter(({ msg }) => msg.includes(message))[times - 1];
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}

type Watching = Pick<Parameters<typeof watchRedis>[0], 'admit' | 'onRefusal' | 'intervalMs' | 'patienceMs'>;

function watching(url: string, options: Watching = {}) {
  const listening = listeningLog();
  const config = {
    REDIS_URL: url,
    REDIS_SENTINELS: undefined,
    REDIS_SENTINEL_NAME: undefined,
    REDIS_CLUSTER: undefined,
  };
  const { forWatch, address, faults } = createRedisConnections(config, listening.log);
  const client = forWatch('test');
  onTestFinished(() => client.disconnect());
  const watch = watchRedis({
    client,
    name: 'test',
    address,
    log: listening.log,
    faults,
    intervalMs: 10,
    patienceMs: 10_000,
    ...options,
  });
  const stopping = watch.then(
    ({ stop }) => stop,
    () => () => {},
  );
  onTestFinished(async () => (await stopping)());
  return { watch, client, address, ...listening };
}

/** Starts a Redis of the test's own, with more words on its command line. */
async function ownRedis({ args = [], port }: { args?: string[]; port?: number } = {}): Promise<LocalRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'xw-redis-'));
  const redis = await startRedisBinary(findRedisBinary(process.env['PATH']!)!, {
    dir,
    args,
    ...(port === undefined ? {} : { port }),
  });
  onTestFinished(async () => {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return redis;
}

/** Something that speaks as much of Redis as a watch needs, and says what a real one says while it loads its data. */
async function loadingRedis(): Promise<{ url: string; loaded(): void; asked(times: number): Promise<void> }> {
  let loading = true;
  let asked = 0;
  const listeners = new Set<() => void>();
  const info = (): string => {
    const state = loading ? 'loading:1\r\nloading_eta_seconds:0.01' : 'loading:0';
    const text = `redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n${state}\r\n`;
    return `$${text.length}\r\n${text}\r\n`;
  };
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      for (const command of chunk
        .toString()
        .split(/^\*\d+\r\n/m)
        .slice(1)) {
        const isInfo = /^\$4\r\ninfo\r\n/i.test(command);
        if (isInfo) asked++;
        socket.write(isInfo ? info() : '+OK\r\n');
      }
      for (const listener of listeners) listener();
    });
    socket.on('error', () => {});
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loaded: () => void (loading = false),
    asked: (times) =>
      new Promise((resolve) => {
        const until = asked + times;
        listeners.add(() => {
          if (asked >= until) resolve();
        });
      }),
  };
}

describe('a watch over Redis', () => {
  it('finds a Redis that is there usable, and answers a ping', async () => {
    const { watch, lines, address } = watching(inject('redis').url);
    const watched = await watch;
    expect(watched.state()).toEqual({ usable: true, memory: expect.any(Number) });
    expect(await watched.ping()).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'info', msg: 'Redis is ready', redis: address }));
  });

  it('does not wait for a Redis that is absent, and says so', async () => {
    const { watch, lines } = watching(`redis://127.0.0.1:${await freePort()}`, { patienceMs: 20 });
    const watched = await watch;
    expect(watched.state()).toEqual({ usable: false, reason: 'Redis does not answer' });
    expect(await watched.ping()).toBe(false);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        cause: 'ECONNREFUSED',
        msg: expect.stringMatching(/^Redis does not answer: waiting for it; nothing listens there \(ECONNREFUSED\): /),
      }),
    ]);
  });

  it('does not take a Redis for usable that still loads its data', async () => {
    const { url, loaded, asked } = await loadingRedis();
    const { watch, said } = watching(url, { patienceMs: 20 });
    const watched = await watch;
    await asked(10);
    expect(watched.state()).toEqual({ usable: false, reason: 'Redis does not answer' });
    loaded();
    await said('Redis is ready');
    expect(watched.state().usable).toBe(true);
  });

  it('refuses what else does not hold, with the very error', async () => {
    const refusal = new CodedError('XW_SHARDS', 'QUEUE_SHARDS is 1, but 4 is recorded');
    const { watch } = watching(inject('redis').url, { admit: () => Promise.reject(refusal) });
    await expect(watch).rejects.toBe(refusal);
  });

  it('notices nothing any more once it is stopped', async () => {
    const { watch, client, lines } = watching(inject('redis').url);
    const watched = await watch;
    watched.stop();
    const before = lines.length;
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.disconnect();
    await closed;
    expect(watched.state().usable).toBe(true);
    expect(lines).toHaveLength(before);
    expect(client.listenerCount('ready') + client.listenerCount('close')).toBe(0);
  });
});

describeWithRealRedis('a watch over a Redis of its own', () => {
  it.each([
    ['a wrong password', 'wr0ng', 'WRONGPASS'],
    ['no password', '', 'NOAUTH'],
  ])('refuses to start with %s, which it does not show', async (_what, password, words) => {
    const { port } = await ownRedis({ args: ['--requirepass', 'r1ght'] });
    const { watch } = watching(`redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`);
    const refusal: unknown = await watch.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CodedError);
    expect(refusal).toMatchObject({
      code: 'XW_REDIS_REFUSED',
      message: expect.stringMatching(`^Redis refuses the connection: ${words} .* \\(127\\.0\\.0\\.1:${port}\\)$`),
    });
    expect((refusal as Error).message).not.toContain('wr0ng');
  });

  it('starts with the right password', async () => {
    const { port } = await ownRedis({ args: ['--requirepass', 'r1ght'] });
    expect((await watching(`redis://:r1ght@127.0.0.1:${port}`).watch).state().usable).toBe(true);
  });

  it('refuses to start with a user who may not ask', async () => {
    // ioredis says on the console that it cannot ask either.
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const { port } = await ownRedis({ args: ['--user', 'guest', 'on', '>guest', '~*', '+ping'] });
    await expect(watching(`redis://guest:guest@127.0.0.1:${port}`).watch).rejects.toMatchObject({
      code: 'XW_REDIS_REFUSED',
      message: expect.stringContaining('NOPERM'),
    });
  });

  it('refuses to start where events may be evicted', async () => {
    const { url, port } = await ownRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    await expect(watching(url).watch).rejects.toMatchObject({
      code: 'XW_REDIS_REFUSED',
      message: `Redis may evict events: maxmemory-policy is allkeys-lru, expected noeviction (CONFIG SET maxmemory-policy noeviction) (127.0.0.1:${port})`,
    });
  });

  it('says once that nothing is kept on disk', async () => {
    const { url } = await ownRedis({ args: ['--appendonly', 'no'] });
    const { watch, client, lines, said } = watching(url);
    expect((await watch).state().usable).toBe(true);
    client.disconnect(true);
    await said('Redis is ready', 2);
    expect(lines.filter(({ level, msg }) => level === 'warn' && msg.includes('no append-only file'))).toHaveLength(1);
  });

  it('tells how full it is', async () => {
    const { url } = await ownRedis({ args: ['--maxmemory', '100mb'] });
    const watched = await watching(url).watch;
    const seen = watched.state();
    if (!seen.usable) throw new Error(seen.reason);
    expect(seen.memory).toBeGreaterThan(0);
    expect(seen.memory).toBeLessThan(1);
  });

  it('works with a Redis that comes later, and notices when it goes and comes again', async () => {
    const port = await freePort();
    const { watch, said } = watching(`redis://127.0.0.1:${port}`, { patienceMs: 20 });
    const watched = await watch;
    expect(watched.state().usable).toBe(false);

    const redis = await ownRedis({ port });
    await said('Redis is ready');
    expect(watched.state().usable).toBe(true);
    expect(await watched.ping()).toBe(true);

    await redis.stop();
    expect(await said('lost the connection to Redis')).toMatchObject({ level: 'warn' });
    expect(watched.state()).toEqual({ usable: false, reason: 'Redis does not answer' });

    await ownRedis({ port });
    await said('Redis is ready', 2);
    expect(watched.state().usable).toBe(true);
  });

  it('asks again after each reconnect whether the rest holds', async () => {
    const { url } = await ownRedis();
    let holds = true;
    const admit = async (): Promise<void> => {
      if (!holds) throw new CodedError('XW_SHARDS', 'QUEUE_SHARDS is 1, but 4 is recorded');
    };
    const { watch, client, said } = watching(url, { admit });
    const watched = await watch;

    holds = false;
    client.disconnect(true);
    expect(await said('QUEUE_SHARDS is 1')).toMatchObject({ level: 'error', code: 'XW_SHARDS' });
    expect(watched.state()).toEqual({ usable: false, reason: 'QUEUE_SHARDS is 1, but 4 is recorded' });

    holds = true;
    await said('Redis is ready', 2);
    expect(watched.state().usable).toBe(true);
  });

  it('asks with each look whether the rest holds, and tells of what does not once', async () => {
    const { url } = await ownRedis();
    let fault = '';
    const admit = async (): Promise<void> => {
      if (fault) throw new CodedError('XW_SHARDS', fault);
    };
    const told: string[] = [];
    const { watch, lines, said } = watching(url, { admit, onRefusal: ({ message }) => told.push(message) });
    const watched = await watch;

    fault = 'QUEUE_SHARDS is 1, but 4 is recorded';
    expect(await said(fault)).toMatchObject({ level: 'error', code: 'XW_SHARDS' });
    expect(watched.state()).toEqual({ usable: false, reason: fault });
    fault = 'QUEUE_SHARDS is 1, but 8 is recorded';
    await said(fault);
    fault = '';
    await said('Redis is ready', 2);
    expect(told).toEqual(['QUEUE_SHARDS is 1, but 4 is recorded', 'QUEUE_SHARDS is 1, but 8 is recorded']);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('leaves what has become a replica, says so once, and goes on with what is the master', async () => {
    const [redis, master] = await Promise.all([ownRedis(), ownRedis()]);
    const { watch, lines, said } = watching(redis.url);
    const watched = await watch;
    const other = testClient(redis.url);

    await other.replicaof('127.0.0.1', master.port);
    expect(await said('Redis is a replica')).toMatchObject({ level: 'warn' });
    expect(watched.state()).toEqual({ usable: false, reason: 'Redis is a replica, which takes no events' });

    await other.replicaof('NO', 'ONE');
    await said('Redis is ready', 2);
    expect(watched.state().usable).toBe(true);
    expect(lines.filter(({ msg }) => msg.includes('is a replica'))).toHaveLength(1);
  });

  it('is unusable for as long as events may be evicted, and says so once', async () => {
    const { url } = await ownRedis();
    const { watch, lines, said } = watching(url);
    const watched = await watch;
    const other = testClient(url);

    await other.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const message = 'maxmemory-policy is allkeys-lru';
    expect(await said(message)).toMatchObject({ level: 'error', code: 'XW_REDIS_REFUSED' });
    expect(watched.state()).toEqual({ usable: false, reason: expect.stringContaining(message) });

    await other.config('SET', 'maxmemory-policy', 'noeviction');
    await said('Redis is ready', 2);
    expect(watched.state().usable).toBe(true);
    expect(lines.filter(({ msg }) => msg.includes(message))).toHaveLength(1);
  });
});
