import { readFileSync } from 'node:fs';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { Redis } from 'ioredis';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithRedisBinary, ROOT, until } from '@xero-webhooks/testing';
import { failToStart } from './support/fail-to-start.ts';
import { handledFile } from './support/handled-file.ts';
import { atEndOfSuite, describeWithTls, ownCertificates, ownSentinel } from './support/redis-servers.ts';
import { BOARD_LOGIN, post, startBoard, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/varied-handlers.ts`;
const USER = { username: 'app', password: 'pass:w/rd' };

let number = 0;

/** An event of its own. */
function event(category: string, type: string): XeroEvent {
  const dateUtc = '2026-01-02T03:04:05.67';
  return xeroEvent({ category, type, resourceId: `r-${++number}`, tenantId: `t-${number % 5}`, dateUtc });
}

function body(...events: XeroEvent[]): Buffer {
  return xeroBody(events, 1);
}

describeWithTls('behind a Sentinel, with user, password and TLS', () => {
  const atEnd = atEndOfSuite();
  let servers: Awaited<ReturnType<typeof ownSentinel>>;
  let ca: Buffer;

  beforeAll(async () => {
    const certificates = ownCertificates(['IP:127.0.0.1'], atEnd);
    ca = readFileSync(certificates.authority);
    servers = await ownSentinel({ ...USER, certificates, host: 'redis.test' }, atEnd);
  });

  function master(): Redis {
    const client = new Redis({ host: '127.0.0.1', port: servers.master.port, ...USER, tls: { ca } });
    onTestFinished(() => client.disconnect());
    return client;
  }

  it('each event is handled once, a handler that fails is tried again, and what cannot be read is kept', async () => {
    const { file, read } = handledFile();
    const environment = { ...servers.environment, RETRY_BASE_MS: '20' };
    const ingress = await startIngress('events', environment);
    const worker = await startWorker('events', HANDLERS, { ...environment, HANDLED_FILE: file });
    const events = [...Array.from({ length: 10 }, () => event('invoice', 'update')), event('contact', 'update')];
    expect((await post(ingress.url, body(...events))).status).toBe(200);
    expect((await post(ingress.url, body(...events))).status).toBe(200);
    expect((await post(ingress.url, '{')).status).toBe(400);
    await worker.line(({ outcome, event: name }) => outcome === 'handled' && name === 'contact.updated');
    await until(() => read().length >= 12, '12 runs of handlers');
    const client = master();
    await until(async () => (await client.zcard('events:xero-events-0:completed')) === 11, '11 completed jobs');
    expect(read()).toHaveLength(12);
    expect(read('failOnce')).toHaveLength(1);
    expect(await client.zcard('events:{quarantine}:by-time')).toBe(1);

    for (const app of [worker, ingress]) {
      app.child.kill('SIGTERM');
      expect(await app.ended).toEqual({ code: 0, signal: null });
    }
  });

  it('the board shows the queues', async () => {
    const { url } = await startBoard('board', servers.environment);
    const authorization = `Basic ${Buffer.from(`${BOARD_LOGIN.user}:${BOARD_LOGIN.password}`).toString('base64')}`;
    const answer = await fetch(`${url}/queues/api/queues`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ queues: [{ name: 'xero-events-0' }] });
  });

  it.each(['ingress', 'worker', 'board', 'cli'] as const)(
    '%s with a wrong password says so in one line',
    async (name) => {
      const address = new URL(servers.url);
      address.password = 'a-wrong-one';
      const lines = await failToStart(name, { ...servers.environment, REDIS_URL: address.href });
      expect(lines).toEqual([
        expect.stringMatching(
          /Redis refuses the connection: WRONGPASS .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
        ),
      ]);
      expect(lines.join()).not.toContain('a-wrong-one');
    },
  );

  it('a process that does not know the authority of the certificate says so in one line', async () => {
    const lines = await failToStart('ingress', { ...servers.environment, NODE_EXTRA_CA_CERTS: '' });
    expect(lines).toEqual([
      expect.stringMatching(
        /^ingress: the certificate of Redis is not accepted: self-signed .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
  });
});

describeWithRedisBinary('behind a Sentinel', () => {
  it('that asks for the password too, events are accepted, and a wrong password is refused', async () => {
    const servers = await ownSentinel({ password: 'secret', protectSentinel: true }, onTestFinished);
    const ingress = await startIngress('protected', servers.environment);
    expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(200);
    const lines = await failToStart('ingress', { ...servers.environment, REDIS_URL: 'redis://:wrong@127.0.0.1' });
    expect(lines).toEqual([
      expect.stringMatching(
        /Redis refuses the connection: WRONGPASS .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'nothing that a replica has is lost where the master gets %s',
    async (signal) => {
      const servers = await ownSentinel({ password: 'secret', replicas: 2 }, onTestFinished);
      const { file, read } = handledFile();
      const ingress = await startIngress('failover', { ...servers.environment, REDIS_WAIT_REPLICAS: '1' });
      await startWorker('failover', HANDLERS, { ...servers.environment, HANDLED_FILE: file });
      const accepted: string[] = [];
      const statuses: number[] = [];
      const sendUntil = async (status: number, times = 1): Promise<void> => {
        for (let seen = 0; seen < times;) {
          const one = event('invoice', 'update');
          const answer = await post(ingress.url, body(one));
          statuses.push(answer.status);
          if (answer.status === 200) accepted.push(one.resourceId);
          if (answer.status === status) seen++;
        }
      };
      await sendUntil(200, 50);
      servers.master.process.kill(signal);
      await sendUntil(503);
      await sendUntil(200, 50);
      // What was the master comes back as a replica.
      servers.master.process.kill('SIGCONT');
      await sendUntil(200, 50);
      expect(new Set(statuses)).toEqual(new Set([200, 503]));
      await until(
        () => accepted.every((id) => read('record').some(({ resourceId }) => resourceId === id)),
        'all events',
      );
    },
  );

  it('a request is accepted once a replica has its events, and refused within the deadline where none has', async () => {
    const servers = await ownSentinel({}, onTestFinished);
    const ingress = await startIngress('wait', {
      ...servers.environment,
      REDIS_WAIT_REPLICAS: '1',
      ACK_DEADLINE_MS: '1000',
    });
    expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(200);
    expect((await post(ingress.url, '{"half')).status).toBe(400);

    servers.replicas[0]!.process.kill('SIGSTOP');
    const late = event('invoice', 'update');
    for (const one of [body(late), body(event('invoice', 'create')), '{"other']) {
      expect((await post(ingress.url, one)).status).toBe(503);
    }
    const refusals = ingress.lines.filter(({ outcome }) => outcome === 'refused');
    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['too few replicas have the events']));

    servers.replicas[0]!.process.kill('SIGCONT');
    await until(async () => (await post(ingress.url, body(late))).status === 200, 'the replica to be back');
    expect((await post(ingress.url, '{"other')).status).toBe(400);
  });
});
