import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import {
  absentRedis,
  describeWithRedisBinary,
  movableAddress,
  ownRedis,
  ROOT,
  until,
  waitingIn,
} from '@xero-webhooks/testing';
import { expectAsStarted, PREFIX, QUEUE, startTroubledIngress } from './support/ingress-in-trouble.ts';
import { numberedEvent } from './support/steady-requests.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const MIB = 1024 * 1024;

/** What a process has in memory, in bytes. */
function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

/** Sends many large requests, many at once, and returns which answers there were. */
async function sendMany(url: string, total: number, first: number): Promise<number[]> {
  const statuses = new Set<number>();
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < total) {
      const number = first + sent++;
      const event = { ...numberedEvent(number), data: { text: 'x'.repeat(5_000) } };
      statuses.add((await post(url, xeroBody([event], number))).status);
    }
  };
  await Promise.all(Array.from({ length: 100 }, sender));
  return [...statuses];
}

describeWithRedisBinary('the ingress loses nothing, answers in time and goes on by itself where its Redis', () => {
  it('is killed and started again, several times', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    for (let times = 0; times < 3; times++) {
      await ingress.recovery();
      await redis.kill();
      await ingress.outage();
      await redis.start();
    }
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('is killed in the middle of a large body', async () => {
    const redis = await ownRedis();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url });
    const events = Array.from({ length: 10_000 }, (_, index) => numberedEvent(index));
    const body = xeroBody(events, 1);
    const client = redis.client();
    const answer = post(ingress.url, body);
    await until(async () => (await waitingIn(client, QUEUE)) > 0, 'the first of its events');
    await redis.kill();
    expect((await answer).status).toBe(503);
    await redis.start();
    await until(async () => (await post(ingress.url, body)).status === 200, 'the body to be accepted');
    expect(await waitingIn(client, QUEUE)).toBe(events.length);
    expectAsStarted(ingress);
  });

  it('hangs', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    await redis.hang();
    await ingress.outage();
    redis.resume();
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('hangs while thousands of requests come, within the same memory', async () => {
    const redis = await ownRedis();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url, ACK_DEADLINE_MS: '1500' });
    expect(await sendMany(ingress.url, 2_000, 1)).toEqual([200]);
    const before = residentBytes(ingress.child.pid!);
    await redis.hang();
    expect(await sendMany(ingress.url, 4_000, 10_001)).toEqual([503]);
    expect(residentBytes(ingress.child.pid!) - before).toBeLessThan(64 * MIB);
    redis.resume();
    await until(async () => (await sendMany(ingress.url, 1, 20_001))[0] === 200, 'an event to be accepted');
    expectAsStarted(ingress);
  });

  it('takes no writes for a while', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    await redis.client().client('PAUSE', 600_000, 'WRITE');
    await ingress.outage();
    await redis.client().client('UNPAUSE');
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('loads its data for a while', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.requests.get(200, 150);
    await redis.kill();
    const started = redis.start('--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024');
    await ingress.outage();
    await started;
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('is full', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    await redis.client().config('SET', 'maxmemory', '1kb');
    await ingress.refusal();
    await redis.client().config('SET', 'maxmemory', '0');
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('is full when it starts', async () => {
    const redis = await ownRedis('--maxmemory', '1kb');
    const ingress = await startTroubledIngress(redis.url);
    await ingress.refusal();
    await redis.client().config('SET', 'maxmemory', '0');
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('is nearly full, so that workers have the rest of it to drain it', async () => {
    const redis = await ownRedis();
    const client = redis.client();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    await client.setrange('filling', 20 * MIB, 'x');
    const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))![1]);
    await client.config('SET', 'maxmemory', Math.round(used / 0.9));
    await ingress.requests.get(503);
    await ingress.refusal();

    const refused = ingress.requests.watch();
    await startWorker(PREFIX, `${ROOT}test/support/recording-handlers.ts`, {
      REDIS_URL: redis.url,
      HANDLED_FILE: join(mkdtempSync(join(tmpdir(), 'xw-handled-')), 'events'),
    });
    await until(async () => {
      const [waiting, active] = await Promise.all([waitingIn(client, QUEUE), client.llen(`${QUEUE}:active`)]);
      return waiting + active === 0;
    }, 'the queue to be drained');
    expect(refused()).toEqual([503]);

    await client.del('filling');
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('becomes a replica, and a master again', async () => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    // A master that is never there.
    await redis.client().replicaof('127.0.0.1', 1);
    await ingress.outage();
    await redis.client().replicaof('NO', 'ONE');
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it('becomes a replica of another, where its address leads from then on', async () => {
    const first = await ownRedis('--repl-diskless-sync-delay', '0');
    const second = await ownRedis('--replicaof', '127.0.0.1', String(first.port));
    const address = await movableAddress(first.port);
    const ingress = await startTroubledIngress(`redis://127.0.0.1:${address.port}`);
    await ingress.recovery();
    const old = first.client();
    await until(async () => (await old.info('replication')).includes('state=online'), 'the replica');
    await old.call('FAILOVER', 'TO', '127.0.0.1', String(second.port));
    await until(async () => (await old.info('replication')).includes('role:slave'), 'the failover');
    await ingress.outage();
    address.moveTo(second.port);
    await ingress.recovery();
    await ingress.nothingIsLost(second);
  });

  it('is not there when it starts', async () => {
    const redis = await absentRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.outage();
    await redis.start();
    await ingress.recovery();
    await ingress.nothingIsLost(redis);
  });

  it.each(['is killed', 'hangs'] as const)('%s when it is to stop', async (what) => {
    const redis = await ownRedis();
    const ingress = await startTroubledIngress(redis.url);
    await ingress.recovery();
    await (what === 'hangs' ? redis.hang() : redis.kill());
    await ingress.outage();
    await ingress.requests.stop();
    ingress.process.child.kill('SIGTERM');
    expect(await ingress.process.ended).toEqual({ code: 0, signal: null });
  });
});
