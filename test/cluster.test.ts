import { readdirSync, readFileSync } from 'node:fs';
import type { LocalRedis } from '@xero-webhooks/local-redis';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { Redis } from 'ioredis';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithRedisBinary, ROOT, startProcess, until } from '@xero-webhooks/testing';
import { failToStart } from './support/fail-to-start.ts';
import { handledFile } from './support/handled-file.ts';
import { atEndOfSuite, describeWithTls, ownCertificates, ownCluster, ownFolder } from './support/redis-servers.ts';
import { runXw } from './support/run-xw.ts';
import { BOARD_LOGIN, post, startBoard, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/varied-handlers.ts`;
const SHARDED = { QUEUE_SHARDS: '4' };
const USER = { username: 'app', password: 'pass:w/rd' };

let number = 0;

/** An event of its own, of one of twenty organisations. */
function event(category: string, type: string, more: Partial<XeroEvent> = {}): XeroEvent {
  const dateUtc = '2026-01-02T03:04:05.67';
  const made = xeroEvent({ category, type, resourceId: `r-${++number}`, tenantId: `t-${number % 20}`, dateUtc });
  return { ...made, ...more };
}

function body(...events: XeroEvent[]): Buffer {
  return xeroBody(events, 1);
}

describeWithTls('on a Redis Cluster with user, password and TLS', () => {
  const atEnd = atEndOfSuite();
  let cluster: Awaited<ReturnType<typeof ownCluster>>;
  let ca: Buffer;

  beforeAll(async () => {
    const certificates = ownCertificates(['DNS:redis.test'], atEnd);
    ca = readFileSync(certificates.authority);
    // The nodes announce themselves by address; the certificate is that of the host in REDIS_URL.
    cluster = await ownCluster({ ...USER, certificates, host: 'redis.test' }, atEnd);
  });

  /** A connection to one master, to look with. */
  function look(master: LocalRedis): Redis {
    const tls = { ca, servername: 'redis.test' };
    const client = new Redis({ host: '127.0.0.1', port: master.port, ...USER, tls });
    onTestFinished(() => client.disconnect());
    return client;
  }

  it('each event is handled once, and the queues are on several masters', async () => {
    const { file, read } = handledFile();
    const environment = { ...cluster.environment, ...SHARDED };
    const ingress = await startIngress('spread', environment);
    const worker = await startWorker('spread', HANDLERS, { ...environment, HANDLED_FILE: file });
    const events = Array.from({ length: 40 }, () => event('invoice', 'update'));
    for (const one of events) expect((await post(ingress.url, body(one))).status).toBe(200);
    // Events of many organisations in one body; Xero has sent half of them before.
    expect((await post(ingress.url, body(...events.slice(0, 20), event('invoice', 'create')))).status).toBe(200);

    await until(() => read('record').length >= 41, '41 handled events');
    // One more event of each organisation: when they are handled, a repeated one would have been, too.
    const last = Array.from({ length: 20 }, () => event('invoice', 'update'));
    expect((await post(ingress.url, body(...last))).status).toBe(200);
    await until(() => read('record').length >= 61, '61 handled events');
    expect(new Set(read().map(({ key }) => key)).size).toBe(61);
    expect(read()).toHaveLength(61);

    const completed = await Promise.all(
      cluster.masters.map(async (master) => {
        const client = look(master);
        const keys = (await client.keys('spread:*:completed')).toSorted();
        const slots = await Promise.all(keys.map((key) => client.cluster('KEYSLOT', key)));
        return { keys, slots, size: await client.dbsize() };
      }),
    );
    const queues = [0, 1, 2, 3].map((shard) => `spread:{${shard}}:xero-events-${shard}:completed`);
    expect(completed.flatMap(({ keys }) => keys).toSorted()).toEqual(queues);
    expect(new Set(completed.flatMap(({ slots }) => slots)).size).toBe(4);
    expect(completed.filter(({ keys, size }) => keys.length > 0 && size > 0).length).toBe(3);

    for (const app of [worker, ingress]) {
      app.child.kill('SIGTERM');
      expect(await app.ended).toEqual({ code: 0, signal: null });
    }
  });

  it('a handler that fails is tried again, an older event is skipped where only the latest counts, and a dead letter stays', async () => {
    const { file, read } = handledFile();
    const environment = { ...cluster.environment, ...SHARDED, RETRY_BASE_MS: '20' };
    const ingress = await startIngress('varied', environment);
    const worker = await startWorker('varied', HANDLERS, { ...environment, HANDLED_FILE: file });
    const failing = event('contact', 'update');
    expect((await post(ingress.url, body(failing))).status).toBe(200);
    await until(() => read('failOnce').length === 1, 'the second attempt');
    await worker.line(({ outcome, event: name }) => outcome === 'handled' && name === 'contact.updated');
    expect(read('record').filter(({ resourceId }) => resourceId === failing.resourceId)).toHaveLength(1);

    const newer = event('creditnote', 'update');
    const older = { ...newer, eventDateUtc: '2026-01-01T00:00:00' };
    expect((await post(ingress.url, body(newer))).status).toBe(200);
    await until(() => read('newest').length === 1, 'the newer event');
    expect((await post(ingress.url, body(older))).status).toBe(200);
    await until(() => read('record').length === 3, 'the older event');
    expect(read('newest')).toHaveLength(1);

    expect((await post(ingress.url, body(event('payment', 'create')))).status).toBe(200);
    expect(await worker.line(({ alert }) => alert === 'dead-letter')).toMatchObject({ outcome: 'dead' });
    await until(
      async () => /^xero-events-\d +0 +0 +0 +1 /m.test((await xw('varied', 'shards')).text),
      'the dead letter',
    );
  });

  it('what became of each event is on record on all masters, is found, and is forgotten for one organisation', async () => {
    const { file } = handledFile();
    const environment = { ...cluster.environment, ...SHARDED };
    const ingress = await startIngress('recorded', environment);
    await startWorker('recorded', HANDLERS, { ...environment, HANDLED_FILE: file });
    const events = Array.from({ length: 40 }, () => event('invoice', 'update'));
    expect((await post(ingress.url, body(...events))).status).toBe(200);
    const { tenantId, resourceId } = events[7]!;
    const handled = async (...args: string[]): Promise<number> => {
      const { stdout } = await runXw(['events', ...args, '--outcome', 'handled', '--limit', '100', '--json'], {
        ...environment,
        REDIS_PREFIX: 'recorded',
      });
      return (JSON.parse(stdout) as { events: unknown[] }).events.length;
    };
    await until(async () => (await handled()) === 40, '40 records');
    expect(await handled(resourceId)).toBe(1);
    expect(await handled('--tenant', tenantId)).toBe(2);

    const forget = ['tenants', 'forget', tenantId, '--yes'];
    const { code, stdout } = await runXw(forget, { ...environment, REDIS_PREFIX: 'recorded' });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^forgot t-\d+: 2 events in the queues, 2 on record, \d+ other keys, 0 bodies/),
    });
    expect(await handled('--tenant', tenantId)).toBe(0);
    expect(await handled()).toBe(38);
    for (const master of cluster.masters) {
      const keys = await look(master).keys(`recorded:{${tenantId}}:*`);
      expect(keys.filter((key) => !key.includes(':lock:'))).toEqual([]);
    }
  });

  it('what cannot be read is kept in quarantine, beside what can', async () => {
    const ingress = await startIngress('quarantine', { ...cluster.environment, ...SHARDED });
    expect((await post(ingress.url, '{')).status).toBe(400);
    expect((await post(ingress.url, '{')).status).toBe(400);
    const half = JSON.stringify({ events: [event('invoice', 'update'), { nothing: true }] });
    expect((await post(ingress.url, half)).status).toBe(200);
    const bodies = await Promise.all(cluster.masters.map((master) => look(master).keys('quarantine:{quarantine}:*')));
    // Two bodies, the index of them, and how large they are together.
    expect(bodies.flat()).toHaveLength(4);
    const jobs = await Promise.all(cluster.masters.map((master) => look(master).keys('quarantine:*:wait')));
    expect(jobs.flat()).toHaveLength(1);
  });

  it('the board shows the queues of all masters', async () => {
    const { url } = await startBoard('board', { ...cluster.environment, ...SHARDED });
    const authorization = `Basic ${Buffer.from(`${BOARD_LOGIN.user}:${BOARD_LOGIN.password}`).toString('base64')}`;
    const answer = await fetch(`${url}/queues/api/queues`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    const { queues } = (await answer.json()) as { queues: { name: string }[] };
    expect(queues.map(({ name }) => name)).toEqual([0, 1, 2, 3].map((shard) => `xero-events-${shard}`));
  });

  it('the command line shows and changes the number of shards', async () => {
    const ingress = await startIngress('shards', { ...cluster.environment, ...SHARDED });
    expect((await xw('shards', 'shards')).text).toMatch(
      /^QUEUE_SHARDS is 4, [\s\S]*\nxero-events-0 [\s\S]*\nxero-events-3 /,
    );
    expect(await xw('shards', 'shards', '2')).toMatchObject({
      code: 0,
      text: expect.stringContaining('was 4 and is 2'),
    });
    expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(503);
  });

  it('the one-command start works with it, and starts no Redis of its own', async () => {
    const cwd = ownFolder(onTestFinished);
    const ports = ['INGRESS_PORT', 'BOARD_PORT', 'INGRESS_ADMIN_PORT', 'WORKER_ADMIN_PORT', 'BOARD_ADMIN_PORT'];
    const anyPorts = Object.fromEntries(ports.map((name) => [name, '0']));
    const start = startProcess(['apps/dev/src/main.ts'], { ...cluster.environment, ...anyPorts }, { cwd });
    await start.line(({ msg }) => msg.includes('Now send it an invoice'), 'its banner');
    expect(start.lines.map(({ msg }) => msg).join('\n')).toContain(cluster.addresses.join(','));
    const simulation = startProcess(['apps/cli/src/main.ts', 'simulate', 'invoice.updated'], {}, { cwd });
    expect(await simulation.ended).toEqual({ code: 0, signal: null });
    await start.line(({ msg }) => msg.includes('event handled'));
    expect(readdirSync(`${cwd}/.data`)).not.toContain('redis');
    start.child.kill('SIGINT');
    expect(await start.ended).toEqual({ code: 0, signal: null });
  });

  it.each(['ingress', 'worker', 'board', 'cli'] as const)(
    '%s with a wrong password says so in one line',
    async (name) => {
      const address = new URL(cluster.url);
      address.password = 'a-wrong-one';
      const lines = await failToStart(name, { ...cluster.environment, REDIS_URL: address.href });
      expect(lines).toEqual([
        expect.stringMatching(
          /Redis refuses the connection: WRONGPASS .* \[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
        ),
      ]);
      expect(lines.join()).not.toContain('a-wrong-one');
    },
  );

  it.each([
    ['an authority that it does not know', { NODE_EXTRA_CA_CERTS: '' }, 'self-signed certificate'],
    ['another name', { REDIS_URL: 'rediss://app:pass%3Aw%2Frd@elsewhere.test' }, 'does not match'],
  ])('a process that finds a certificate of %s says so in one line', async (_what, environment, words) => {
    const lines = await failToStart('ingress', { ...cluster.environment, ...environment });
    expect(lines).toEqual([
      expect.stringMatching(
        /^ingress: the certificate of Redis is not accepted: .*\[XW_REDIS_REFUSED\] see docs\/errors\.md#xw_redis_refused$/,
      ),
    ]);
    expect(lines[0]).toContain(words);
  });

  async function xw(prefix: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
    const app = startProcess(['apps/cli/src/main.ts', ...args], { ...cluster.environment, REDIS_PREFIX: prefix });
    const { code } = await app.ended;
    return { code, text: app.lines.map(({ msg }) => msg).join('\n') };
  }
});

describeWithRedisBinary('on a Redis Cluster', () => {
  it('nothing is lost where a master is killed and comes back', async () => {
    const cluster = await ownCluster({ password: 'secret' }, onTestFinished);
    const { file, read } = handledFile();
    const environment = { ...cluster.environment, ...SHARDED };
    const ingress = await startIngress('killed', environment);
    await startWorker('killed', HANDLERS, { ...environment, HANDLED_FILE: file });
    const accepted = await sendAndCollect(ingress.url, async (send) => {
      await send(200);
      const gone = new Promise((resolve) => cluster.masters[0]!.process.once('exit', resolve));
      cluster.masters[0]!.process.kill('SIGKILL');
      await gone;
      await send(503);
      await cluster.restart(cluster.masters[0]!);
      await send(200);
    });
    await until(() => accepted.every((id) => read('record').some(({ resourceId }) => resourceId === id)), 'all events');
  });

  it('nothing that replicas have is lost where one takes the place of its master', async () => {
    const cluster = await ownCluster({ password: 'secret', replicas: true }, onTestFinished);
    const { file, read } = handledFile();
    const environment = { ...cluster.environment, ...SHARDED };
    const ingress = await startIngress('failover', { ...environment, REDIS_WAIT_REPLICAS: '1' });
    const accepted = await sendAndCollect(ingress.url, async (send) => {
      await send(200);
      cluster.masters[0]!.process.kill('SIGKILL');
      await send(503);
    });
    const relaxed = await startIngress('failover', environment);
    const more = await sendAndCollect(relaxed.url, (send) => send(200));
    await startWorker('failover', HANDLERS, { ...environment, HANDLED_FILE: file });
    const all = [...accepted, ...more];
    await until(() => all.every((id) => read('record').some(({ resourceId }) => resourceId === id)), 'all events');
  });

  it('events wait for the replica of their own master only', async () => {
    const cluster = await ownCluster({ replicas: true }, onTestFinished);
    const environment = { ...cluster.environment, ...SHARDED, REDIS_WAIT_REPLICAS: '1', ACK_DEADLINE_MS: '1000' };
    const ingress = await startIngress('replicas', environment);
    const some = Array.from({ length: 20 }, () => event('invoice', 'update'));
    const answers = async (): Promise<number[]> => {
      const all: number[] = [];
      for (const one of some) all.push((await post(ingress.url, body(one))).status);
      return all;
    };
    expect(new Set(await answers())).toEqual(new Set([200]));
    cluster.replicas[0]!.process.kill('SIGSTOP');
    expect(new Set(await answers())).toEqual(new Set([200, 503]));
    await ingress.line(({ reason }) => reason === 'too few replicas have the events');
    cluster.replicas[0]!.process.kill('SIGCONT');
    await until(async () => (await answers()).every((status) => status === 200), 'the replica to be back');
  });
});

type Send = (status: number) => Promise<void>;

/**
 * Sends an event of each organisation again and again, in requests of their own.
 *
 * @param act is given a function that waits for some request to be answered by a status
 * @returns the resources of the events that were accepted
 */
async function sendAndCollect(url: string, act: (send: Send) => Promise<void>): Promise<string[]> {
  const accepted: string[] = [];
  const send: Send = async (status) => {
    let quiet = 0;
    await until(async () => {
      const one = event('invoice', 'update');
      const answer = await post(url, body(one));
      if (answer.status === 200) accepted.push(one.resourceId);
      else expect(answer.status).toBe(503);
      // All is well again once every organisation's events are accepted.
      quiet = answer.status === status ? quiet + 1 : 0;
      return status === 200 ? quiet >= 20 : quiet > 0;
    }, `requests that get ${status}`);
  };
  await act(send);
  return accepted;
}
