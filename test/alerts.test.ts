import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeXero, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describeWithRedisBinary, ownRedis, ROOT, until } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alertReceiver } from './support/alert-receiver.ts';
import { runXw } from './support/run-xw.ts';
import { post, startBoard, startIngress, startWorker } from './support/system.ts';
import { visitor } from './support/visitor.ts';

const HANDLERS = `${ROOT}test/support/mending-handlers.ts`;
const PREFIX = 'alerted';
const KEY = Buffer.alloc(32, 'a key').toString('base64');

/** Bounds of seconds instead of minutes. */
const SOON = {
  ALERT_INTERVAL_S: '1',
  ALERT_AFTER_S: '1',
  ALERT_OLDEST_S: '2',
  ALERT_FAILING_S: '2',
  RETRY_ATTEMPTS: '6',
  RETRY_BASE_MS: '500',
  RETRY_MAX_MS: '500',
};

/** An ingress and somebody who gets its alerts, with a Redis that can be stopped. */
async function alertedSystem(more: Record<string, string> = {}, appendonly: 'yes' | 'no' = 'yes') {
  const [redis, receiver] = [await ownRedis('--appendonly', appendonly), await alertReceiver()];
  const dir = mkdtempSync(join(tmpdir(), 'xw-alerts-'));
  const mended = join(dir, 'mended');
  const environment = {
    REDIS_URL: redis.url,
    ALERT_URL: receiver.url,
    ...SOON,
    HANDLED_FILE: join(dir, 'handled'),
    MENDED: mended,
    ...more,
  };
  const ingress = await startIngress(PREFIX, environment);
  let sequence = 1;
  const send = (resourceId: string): Promise<Response> =>
    post(
      ingress.url,
      xeroBody(
        [
          xeroEvent({
            category: 'invoice',
            type: 'update',
            resourceId,
            tenantId: 't-1',
            dateUtc: '2026-01-01T00:00:00',
          }),
        ],
        sequence++,
      ),
    );
  return {
    ...receiver,
    redis,
    ingress,
    environment,
    send,
    postBody: (body: Buffer) => post(ingress.url, body),
    worker: () => startWorker(PREFIX, HANDLERS, environment),
    mend: () => writeFileSync(mended, ''),
    xw: (...words: string[]) => runXw(words, { REDIS_URL: redis.url, REDIS_PREFIX: PREFIX, ALERT_URL: receiver.url }),
  };
}

describeWithRedisBinary('alerts', () => {
  it('say once that nobody works, that a handler fails, what is dead and what is unreadable, and that it is over', async () => {
    const system = await alertedSystem();
    const { until: untilAlert, states, send, mend, xw: run } = system;
    await untilAlert('no-worker', 'raised');
    expect((await send('bad-invoice')).status).toBe(200);
    await untilAlert('oldest-event', 'raised');
    await system.worker();
    await untilAlert('no-worker', 'resolved');
    await untilAlert('oldest-event', 'resolved');
    await untilAlert('handler-failing', 'raised');
    await untilAlert('dead-letter', 'raised');
    expect((await system.postBody(Buffer.from('no JSON'))).status).toBe(400);
    await untilAlert('quarantine', 'raised');

    const listed = await run('alerts', '--json');
    const { alerts } = JSON.parse(listed.stdout) as { alerts: { alert: string; subject: string }[] };
    expect(alerts.map(({ alert }) => alert).toSorted()).toEqual(['dead-letter', 'handler-failing', 'quarantine']);
    expect(alerts.find(({ alert }) => alert === 'handler-failing')?.subject).toBe('sync');

    mend();
    expect((await run('failed', 'retry', '--yes')).code).toBe(0);
    expect((await run('quarantine', 'drop', '--yes')).code).toBe(0);
    for (const name of ['handler-failing', 'dead-letter', 'quarantine']) await untilAlert(name, 'resolved');
    for (const name of ['no-worker', 'oldest-event', 'handler-failing', 'dead-letter', 'quarantine']) {
      expect([name, ...states(name)]).toEqual([name, 'raised', 'resolved']);
    }
    expect((await run('alerts')).stdout).toBe('no alert is open; those of an ingress are in its own log\n');
  });

  it('say that the webhook is in danger while Redis is away, though nothing can be noted in it', async () => {
    const { redis, send, until: untilAlert, states, all, ingress } = await alertedSystem({ ALERT_MUTE: 'no-worker' });
    expect((await send('before')).status).toBe(200);
    await redis.kill();
    expect((await send('meanwhile')).status).toBe(503);
    await untilAlert('webhook-in-danger', 'raised');
    await untilAlert('redis-unusable', 'raised');
    const metrics = await (await fetch(`${ingress.admin}/metrics`)).text();
    expect(metrics).toMatch(/^xw_redis_usable\{app="ingress"\} 0$/m);
    expect(metrics).toMatch(/^xw_webhook_failing_since_timestamp_seconds\{app="ingress"\} 1\d{9}/m);
    expect(metrics).not.toMatch(/^xw_workers\{/m);
    await redis.start();
    await untilAlert('redis-unusable', 'resolved');
    await until(async () => (await send('afterwards')).status === 200, 'a request to be accepted');
    await untilAlert('webhook-in-danger', 'resolved');
    expect(states('webhook-in-danger')).toEqual(['raised', 'resolved']);
    expect(states('redis-unusable')).toEqual(['raised', 'resolved']);
    expect(all().find(({ alert }) => alert === 'webhook-in-danger')?.text).toMatch(
      /^Requests of Xero have failed since .*Z: Xero disables the webhook of the whole app in 24 h$/,
    );
  });

  it('say that Redis keeps no file, or is nearly full, until it is mended', async () => {
    const { redis, until: untilAlert, states } = await alertedSystem({ ALERT_MUTE: 'no-worker' }, 'no');
    const client = redis.client();
    await untilAlert('redis-misconfigured', 'raised');
    await client.config('SET', 'appendonly', 'yes');
    await untilAlert('redis-misconfigured', 'resolved');
    const [, used] = /^used_memory:(\d+)/m.exec(await client.info('memory'))!;
    await client.config('SET', 'maxmemory', String(Math.ceil(Number(used) * 1.1)));
    await untilAlert('redis-nearly-full', 'raised');
    await client.config('SET', 'maxmemory', '0');
    await untilAlert('redis-nearly-full', 'resolved');
    for (const name of ['redis-misconfigured', 'redis-nearly-full']) {
      expect([name, ...states(name)]).toEqual([name, 'raised', 'resolved']);
    }
  });

  it('say that an organisation must be connected again, and when it is', async () => {
    const xero = await startFakeXero();
    onTestFinished(xero.stop);
    const system = await alertedSystem({ ALERT_MUTE: 'no-worker,oldest-event' });
    const { environment, until: untilAlert, states, all } = system;
    const connecting = { ...environment, ...xero.environment, TOKEN_ENCRYPTION_KEY: KEY };
    const board = await startBoard(PREFIX, connecting);
    const guest = visitor(board.url);
    const connect = async (): Promise<void> => {
      const atXero = await guest.get((await guest.get('/connect/start')).location!);
      expect((await guest.get(atXero.location!)).location).toBe('/connect?notice=connected');
    };
    await connect();
    const client = system.redis.client();
    const [grant] = await client.keys(`${PREFIX}:{grant-*}:set`);
    // Nothing was read for fifty days: Xero would end the access after sixty.
    await client.hset(grant!, { updatedAt: Date.now() - 50.5 * 86_400_000 });
    await untilAlert('access-unused', 'raised');
    await client.hset(grant!, { state: 'dead', reason: 'invalid_grant' });
    await untilAlert('access-unused', 'resolved');
    await untilAlert('organisation-disconnected', 'raised');
    await connect();
    await untilAlert('organisation-disconnected', 'resolved');
    const expected = xero.organisations.flatMap(() => ['raised', 'resolved']);
    expect(states('organisation-disconnected').toSorted()).toEqual(expected.toSorted());
    expect(states('access-unused').toSorted()).toEqual(expected.toSorted());
    expect(all().find(({ alert }) => alert === 'organisation-disconnected')).toMatchObject({
      subject: expect.any(String),
      text: expect.stringMatching(/must be connected again: Xero no longer renews its access \(invalid_grant\)$/),
    });
  });

  it('of several processes are told by one, and by another once that one is killed', async () => {
    const { send, worker, environment, ingress, redis, states, until: untilAlert } = await alertedSystem();
    const other = await startIngress(PREFIX, environment);
    await worker();
    await send('bad-invoice');
    await untilAlert('dead-letter', 'raised');
    // Killed before it has noted what it told, it would be told again.
    const told = async () => Object.values(await redis.client().hgetall(`${PREFIX}:{alerts}:open-system`));
    const noted = (text: string) => text.includes('"dead-letter"') && text.includes('"postedAt"');
    await until(async () => (await told()).some(noted), 'it to be noted that the alert was told');
    // The first process took the turn, and keeps it.
    ingress.child.kill('SIGKILL');
    expect((await post(other.url, Buffer.from('no JSON'))).status).toBe(400);
    await untilAlert('quarantine', 'raised');
    expect(states('dead-letter')).toEqual(['raised']);
  });
});

describe('xw alerts', () => {
  it('posts a test, and says what is wrong where that fails', async () => {
    const { url, posts } = await alertReceiver();
    const posted = await runXw(['alerts', '--test'], { ALERT_URL: url });
    expect(posted).toMatchObject({ code: 0, stdout: 'posted a test to ALERT_URL\n' });
    expect(posts).toEqual([{ text: 'This is a test of xero-webhooks: alerts arrive here.', alerts: [] }]);
    expect(await runXw(['alerts', '--test'])).toMatchObject({ code: 1, stderr: expect.stringContaining('XW_CONFIG') });
    const refused = await runXw(['alerts', '--test'], { ALERT_URL: 'http://127.0.0.1:1/secret' });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ALERT_URL: it cannot be reached (ECONNREFUSED)'),
    });
    expect(refused.stderr).not.toContain('secret');
  });
});
