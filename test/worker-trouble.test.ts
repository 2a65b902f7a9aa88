import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, inject, it } from 'vitest';
import {
  absentRedis,
  describeWithRedisBinary,
  ownRedis,
  ROOT,
  testClient,
  testPrefix,
  until,
} from '@xero-webhooks/testing';
import { ODD_THINGS } from './support/odd-things.ts';
import { isRecordKey } from './support/record-keys.ts';
import type { WorkerProcess } from './support/system.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/troubled-handlers.ts`;

/** Short, so that what waits for a lock to end is tested in seconds. */
const LOCK = { JOB_LOCK_MS: '2000', RETRY_BASE_MS: '50' };

type Note = { what: 'start' | 'end' | 'abort'; key: string; resourceId: string; pid: number; at: number };

/** An ingress, workers on demand, and what their handlers write down. */
async function system(environment: Record<string, string> = {}) {
  const prefix = environment['REDIS_PREFIX'] ?? testPrefix();
  const url = environment['REDIS_URL'] ?? inject('redis').url;
  const file = join(mkdtempSync(join(tmpdir(), 'xw-trouble-')), 'notes');
  const ingress = await startIngress(prefix, environment);
  const client = testClient(url);
  let sequence = 1;
  return {
    prefix,
    client,
    worker: (more: Record<string, string> = {}) =>
      startWorker(prefix, HANDLERS, { HANDLED_FILE: file, ...LOCK, ...environment, ...more }),
    async send(...resourceIds: string[]) {
      const events = resourceIds.map((resourceId) =>
        xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-01T00:00:00' }),
      );
      expect((await post(ingress.url, xeroBody(events, sequence))).status).toBe(200);
      sequence += events.length;
    },
    notes(what: Note['what'], resourceId?: string): Note[] {
      let text = '';
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        // Nothing yet.
      }
      const all = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Note);
      return all.filter((note) => note.what === what && (resourceId === undefined || note.resourceId === resourceId));
    },
    count: (set: string) => client.zcard(`${prefix}:xero-events-0:${set}`),
    /** The jobs themselves, without the locks of those at work. */
    async jobKeys(): Promise<string[]> {
      const keys = await client.keys(`${prefix}:xero-events-0:x*`);
      return keys.filter((key) => !key.endsWith(':lock'));
    },
    /** What no settled event may leave behind. */
    async residue(): Promise<string[]> {
      const keys = (await client.keys(`${prefix}:{*`)).filter((key) => !isRecordKey(key));
      const lives = await Promise.all(keys.map(async (key) => [key, await client.pttl(key)] as const));
      const there = lives.filter(([, life]) => life !== -2);
      return there.flatMap(([key, life]) => (life < 0 || key.includes(':lock:') ? [key] : []));
    },
  };
}

const outcome = (worker: WorkerProcess, resourceId: string, what: string): Promise<unknown> =>
  worker.line((line) => line['resourceId'] === resourceId && line['outcome'] === what, `${what} of ${resourceId}`);

describe('a worker', () => {
  it('that is killed in the middle of a handler has its jobs run again by another', async () => {
    const { worker, send, notes, count, residue } = await system();
    const victim = await worker();
    await send('first-60000', 'quick');
    await until(() => notes('start', 'first-60000').length === 1, 'the handler to begin');
    victim.child.kill('SIGKILL');
    const other = await worker();
    await outcome(other, 'first-60000', 'handled');
    expect(notes('start', 'first-60000').map(({ pid }) => pid)).toEqual([victim.child.pid, other.child.pid]);
    expect(new Set(notes('start', 'first-60000').map(({ key }) => key)).size).toBe(1);
    await until(async () => (await count('completed')) === 2, 'both jobs to be completed');
    expect(await residue()).toEqual([]);
  });

  it('that was stopped for longer than its lock neither runs a job twice at once nor disturbs the next run', async () => {
    const { worker, send, notes, count, residue } = await system();
    const frozen = await worker();
    await send('first-3000');
    await until(() => notes('start').length === 1, 'the handler to begin');
    frozen.child.kill('SIGSTOP');
    const other = await worker();
    await outcome(other, 'first-3000', 'handled');
    frozen.child.kill('SIGCONT');
    await until(() => notes('abort').length === 1, 'the frozen handler to be stopped');
    await until(async () => (await count('completed')) === 1, 'the job to be completed');
    await send('quick');
    await until(async () => (await count('completed')) === 2, 'the next job');
    expect(frozen.child.exitCode).toBe(null);
    expect(await residue()).toEqual([]);
  });

  it('whose event loop was blocked for longer than its lock loses nothing and goes on', async () => {
    const { worker, send, notes, count, residue } = await system();
    await Promise.all([worker(), worker()]);
    await send('block-5000');
    await until(() => notes('start').length >= 1, 'the handler to begin');
    await send('quick-1', 'quick-2', 'quick-3');
    await until(async () => (await count('completed')) === 4, 'all jobs to be completed');
    expect(notes('end', 'block-5000').length).toBeGreaterThanOrEqual(1);
    // The second process may still be blocked by its own run of the handler.
    await until(async () => (await residue()).length === 0, 'every lock to be released');
  });

  it('keeps the lock of a handler that takes longer than it lives', async () => {
    const { worker, send, notes, count } = await system();
    await Promise.all([worker(), worker()]);
    await send('slow-5000');
    await until(async () => (await count('completed')) === 1, 'the job to be completed');
    expect(notes('start')).toHaveLength(1);
    expect(notes('abort')).toHaveLength(0);
  });

  it('retries a handler that throws at once, one that never returns, and one that rejects after its signal', async () => {
    const { worker, send, notes, count } = await system();
    const process = await worker({ HANDLER_TIMEOUT_MS: '200', RETRY_ATTEMPTS: '2' });
    await send('throw', 'hang', 'reject');
    await until(async () => (await count('failed')) === 3, '3 dead letters');
    expect(notes('start')).toHaveLength(6);
    const read = async (): Promise<string> => (await fetch(`${process.admin}/metrics`)).text();
    await until(async () => /^xw_handlers_abandoned\{app="worker"\} 2$/m.test(await read()), 'the late one to end');
    const metrics = await read();
    expect(metrics).toMatch(/^xw_jobs_total\{outcome="dead",app="worker"\} 3$/m);
    expect(process.lines.filter(({ level }) => level === 'fatal')).toEqual([]);
  });

  it('keeps nothing of an error of 50 MB but its beginning, and stops at once afterwards', async () => {
    const { worker, send, client, jobKeys } = await system();
    // On a busy machine so much text keeps the event loop busy for seconds, as it may.
    const waits = { RETRY_ATTEMPTS: '2', RETRY_MAX_MS: '60000', RETRY_BASE_MS: '60000' };
    const process = await worker({ ...waits, JOB_LOCK_MS: '15000' });
    await send('huge-50000000');
    const line = await process.line(({ msg }) => msg.startsWith('event failed'));
    const [jobKey] = await jobKeys();
    await until(async () => (await client.hexists(jobKey!, 'stacktrace')) === 1, 'the failure to be kept');
    for (const what of ['failedReason', 'stacktrace']) expect(await client.hstrlen(jobKey!, what)).toBeLessThan(20_000);
    expect(line['error']).toMatch(/^behave: x+… \(50000000 characters\)$/);
    await send('quick');
    await outcome(process, 'quick', 'handled');
    process.child.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
    expect(process.lines.filter(({ level }) => level === 'fatal')).toEqual([]);
    expect(Math.max(...process.lines.map((each) => JSON.stringify(each).length))).toBeLessThan(40_000);
  });

  it('counts one attempt for whatever a handler throws, and goes on', async () => {
    const { worker, send, notes, count, client, jobKeys } = await system();
    const process = await worker({ RETRY_ATTEMPTS: '1' });
    await send(...ODD_THINGS.map((_, which) => `odd-${which}`));
    await until(async () => (await count('failed')) === ODD_THINGS.length, 'a dead letter of each');
    expect(notes('start')).toHaveLength(ODD_THINGS.length);
    const reasons = await Promise.all((await jobKeys()).map(async (key) => client.hget(key, 'failedReason')));
    for (const reason of reasons) expect(reason).toMatch(/^behave: ./);
    await send('quick');
    await outcome(process, 'quick', 'handled');
    expect(process.lines.filter(({ level }) => level === 'fatal')).toEqual([]);
  });

  it('drains and ends when too many handlers never return', async () => {
    const { worker, send, client, prefix } = await system();
    const process = await worker({
      HANDLER_TIMEOUT_MS: '100',
      WORKER_CONCURRENCY: '2',
      RETRY_BASE_MS: '10',
      RETRY_MAX_MS: '10',
    });
    await send('hang-1', 'hang-2');
    expect((await process.ended).code).toBe(1);
    expect(process.lines.find(({ msg }) => msg.includes('stopping because of a fault'))).toMatchObject({
      reason: expect.stringContaining('never returned'),
    });
    expect(await client.llen(`${prefix}:xero-events-0:active`)).toBe(0);
  });

  it('finishes at SIGTERM what it can, hands the rest back without using an attempt, and takes nothing new', async () => {
    const { worker, send, notes, client, prefix, count } = await system();
    const process = await worker({ SHUTDOWN_DEADLINE_MS: '3000', HANDLER_TIMEOUT_MS: '60000' });
    await send('slow-800', 'first-60000');
    await until(() => notes('start').length === 2, 'both handlers to begin');
    process.child.kill('SIGTERM');
    // At the very moment of the signal, Redis may still hand out a job that it was asked for before.
    await until(async () => (await count('completed')) === 1, 'the slow handler to end');
    await send('quick');
    expect((await process.ended).code).toBe(0);
    expect(await count('completed')).toBe(1);
    expect(await client.llen(`${prefix}:xero-events-0:active`)).toBe(0);
    expect(notes('abort', 'first-60000')).toHaveLength(1);
    const next = await worker();
    await outcome(next, 'first-60000', 'handled');
    await outcome(next, 'quick', 'handled');
    const line = next.lines.find((entry) => entry['resourceId'] === 'first-60000' && entry['outcome'] === 'handled');
    expect(line).toMatchObject({ attempt: 1 });
  });

  it('takes nothing while the queue is paused, and goes on afterwards', async () => {
    const { worker, send, client, prefix } = await system();
    await client.hset(`${prefix}:xero-events-0:meta`, 'paused', 1);
    const process = await worker();
    await send('quick');
    expect(await client.llen(`${prefix}:xero-events-0:wait`)).toBe(1);
    await client.hdel(`${prefix}:xero-events-0:meta`, 'paused');
    await client.zadd(`${prefix}:xero-events-0:marker`, 0, '0');
    await outcome(process, 'quick', 'handled');
  });
});

/** Well before the shutdown's deadline of 25 seconds. */
async function expectSoonEnded(process: WorkerProcess): Promise<void> {
  const began = performance.now();
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
}

describeWithRedisBinary('a worker whose Redis', () => {
  it('hangs for longer than the lock stops the handler, and runs the job again once', async () => {
    const redis = await ownRedis();
    const { worker, send, notes, count, residue } = await system({ REDIS_URL: redis.url, REDIS_PREFIX: 'xw' });
    const process = await worker();
    await send('first-20000');
    await until(() => notes('start').length === 1, 'the handler to begin');
    await redis.hang();
    await until(() => notes('abort').length === 1, 'the handler to be stopped');
    redis.resume();
    await outcome(process, 'first-20000', 'handled');
    expect(notes('start')).toHaveLength(2);
    await until(async () => (await count('completed')) === 1, 'the job to be completed');
    expect(await residue()).toEqual([]);
  });

  it('is killed and comes back goes on by itself', async () => {
    const redis = await ownRedis();
    const { worker, send, notes, client, residue } = await system({ REDIS_URL: redis.url, REDIS_PREFIX: 'xw' });
    const process = await worker();
    await send('slow-1500', 'quick-1');
    await until(() => notes('start').length === 2, 'the handlers to begin');
    await redis.kill();
    await redis.start();
    await until(
      async () => (await client.zcard('xw:xero-events-0:completed').catch(() => 0)) === 2,
      'both jobs to be completed',
    );
    expect(process.child.exitCode).toBe(null);
    expect(new Set(notes('end').map(({ key }) => key)).size).toBe(2);
    expect(await residue()).toEqual([]);
  });

  it('is full is asked seldom, and drained when there is room again', async () => {
    const redis = await ownRedis();
    const { worker, send, client, count } = await system({ REDIS_URL: redis.url, REDIS_PREFIX: 'xw' });
    await send(...Array.from({ length: 50 }, (_, index) => `quick-${index}`));
    await client.config('SET', 'maxmemory', '1mb');
    const process = await worker();
    await process.line(({ msg }) => msg === 'worker backs off from Redis');
    const before = Number(/total_error_replies:(\d+)/.exec(await client.info('stats'))![1]);
    await process.line((line) => line.msg === 'worker backs off from Redis' && Number(line['waitMs']) >= 800);
    const after = Number(/total_error_replies:(\d+)/.exec(await client.info('stats'))![1]);
    expect(after - before).toBeLessThan(200);
    await client.config('SET', 'maxmemory', '0');
    await until(async () => (await count('completed')) === 50, '50 completed jobs');
  });

  it('is not there when it starts begins to work when it comes', async () => {
    const redis = await absentRedis();
    const { url: REDIS_URL } = redis;
    const file = join(mkdtempSync(join(tmpdir(), 'xw-trouble-')), 'notes');
    const environment = { REDIS_URL, HANDLED_FILE: file };
    const process = await startWorker('xw', HANDLERS, environment, { withoutRedis: true });
    expect((await fetch(`${process.admin}/readyz`)).status).toBe(503);
    expect(process.lines.filter(({ msg }) => msg === 'worker is ready')).toEqual([]);
    await redis.start();
    await process.line(({ msg }) => msg === 'worker is ready');
    const ingress = await startIngress('xw', { REDIS_URL });
    const event = xeroEvent({
      category: 'invoice',
      type: 'update',
      resourceId: 'quick',
      tenantId: 't-1',
      dateUtc: '2026-01-01T00:00:00',
    });
    expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
    await outcome(process, 'quick', 'handled');
    await until(async () => (await fetch(`${process.admin}/readyz`)).status === 200, 'the worker to be ready');
  });

  it('refuses its connections ends soon at SIGTERM', async () => {
    const redis = await ownRedis();
    const process = await startWorker('xw', HANDLERS, { REDIS_URL: redis.url, HANDLED_FILE: '/dev/null' });
    const client = redis.client();
    await client.config('SET', 'requirepass', 'another');
    await client.auth('another');
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await process.line(({ code }) => code === 'XW_REDIS_REFUSED');
    await expectSoonEnded(process);
  });

  it('is gone ends soon at SIGTERM', async () => {
    const redis = await ownRedis();
    const process = await startWorker('xw', HANDLERS, { REDIS_URL: redis.url, HANDLED_FILE: '/dev/null' });
    await redis.kill();
    await process.line(({ msg }) => msg.startsWith('lost the connection to Redis'));
    await expectSoonEnded(process);
  });

  it('becomes a read-only replica waits, and goes on when it is a master again', async () => {
    const redis = await ownRedis();
    const { worker, send, count, client, residue } = await system({ REDIS_URL: redis.url, REDIS_PREFIX: 'xw' });
    const process = await worker();
    await send('slow-1500');
    await process.line(({ msg }) => msg === 'worker is ready');
    await until(async () => (await client.llen('xw:xero-events-0:active')) === 1, 'the handler to begin');
    await client.replicaof('127.0.0.1', 1);
    await process.line(
      ({ msg, reason }) => msg === 'worker backs off from Redis' && reason === 'Redis answers READONLY',
    );
    await client.replicaof('NO', 'ONE');
    await until(async () => (await count('completed')) === 1, 'the job to be completed');
    await send('quick');
    await outcome(process, 'quick', 'handled');
    expect(process.child.exitCode).toBe(null);
    await until(async () => (await residue()).length === 0, 'every lock to be released');
  });
});
