import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describeIf, ROOT, serve, testClient, testPrefix, until } from '@xero-webhooks/testing';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey } from '@xero-webhooks/webhook';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handledFile } from './support/handled-file.ts';
import { post, startIngress, startWorker } from './support/system.ts';
import { enqueueChanges, organisations, xeroSystem } from './support/xero-system.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

/** No handler module: the worker only forwards. */
const NO_HANDLERS = '';

function changesOf(category: 'invoice' | 'contact', count: number): XeroEvent[] {
  return Array.from({ length: count }, (_, index) =>
    xeroEvent({
      category,
      type: 'update',
      resourceId: randomUUID(),
      tenantId: `00000000-0000-4000-8000-00000000000${index % 10}`,
      dateUtc: '2026-01-01T00:00:00',
    }),
  );
}

/** Sends events as Xero does, some in a request. */
async function sendAll(url: string, events: readonly XeroEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += 10) {
    expect((await post(url, xeroBody(events.slice(at, at + 10), at + 1))).status).toBe(200);
  }
}

/** The receiver of the examples, which can be killed and started again. */
async function pythonReceiver() {
  const file = join(mkdtempSync(join(tmpdir(), 'xw-receiver-')), 'received.db');
  const handled: string[] = [];
  async function start(port: string) {
    const env = { ...process.env, RECEIVED_FILE: file, FORWARD_SECRET: SECRET, PORT: port };
    const child = spawn('python3', [`${ROOT}examples/forward/receiver.py`], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout });
    const listening = once(lines, 'line') as Promise<[string]>;
    lines.on('line', (line) => void (line.startsWith('handled ') && handled.push(line.split(' ')[1]!)));
    const [line] = await listening;
    return { child, port: line.split(' ').at(-1)! };
  }
  let running = await start('0');
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return {
    url: `http://127.0.0.1:${running.port}/`,
    handled,
    async restart(downMs: number) {
      const ended = once(running.child, 'exit');
      running.child.kill('SIGKILL');
      await ended;
      await wait(downMs);
      running = await start(running.port);
    },
    ids(): string[] {
      const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
      const rows = database.prepare('SELECT id FROM received').all();
      database.close();
      return rows.map(({ id }) => String(id));
    },
  };
}

describeIf(HAS_PYTHON, 'python3')('a receiver in Python', () => {
  it('gets every event once while it, and a worker, are killed and started again', async () => {
    const prefix = testPrefix();
    const receiver = await pythonReceiver();
    const forwarding = {
      FORWARD_URL: receiver.url,
      FORWARD_SECRET: SECRET,
      FORWARD_ALLOW_PRIVATE: 'true',
      RETRY_BASE_MS: '100',
      JOB_LOCK_MS: '2000',
    };
    const ingress = await startIngress(prefix);
    const [worker] = await Promise.all([1, 2].map(() => startWorker(prefix, NO_HANDLERS, forwarding)));
    const events = changesOf('invoice', 600);
    const keys = events.map((event) => `${eventKey(event)}.forward`);

    for (let part = 0; part < 6; part++) {
      await sendAll(ingress.url, events.slice(part * 100, part * 100 + 100));
      if (part === 3) {
        worker!.child.kill('SIGKILL');
        await startWorker(prefix, NO_HANDLERS, forwarding);
      }
      await receiver.restart(part === 4 ? 3_000 : 100);
    }
    await until(() => receiver.ids().length >= 600, 'all events to arrive', 60_000);
    expect(receiver.ids().toSorted()).toEqual([...keys].toSorted());
    // Only what a killed receiver had stored, and not said, may be missing here.
    expect(new Set(receiver.handled).size).toBe(receiver.handled.length);
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 600, '600 completed jobs');
    expect(await client.zcard(`${prefix}:xero-events-0:failed`)).toBe(0);
  });
});

describe('forwarding', () => {
  it('leaves room for other events while a receiver hangs', async () => {
    const prefix = testPrefix();
    const { file, read } = handledFile();
    let open = 0;
    let most = 0;
    const url = await serve((request) => {
      most = Math.max(most, ++open);
      request.socket.once('close', () => open--);
    });
    const ingress = await startIngress(prefix);
    const worker = await startWorker(prefix, `${ROOT}test/support/forwarding-handlers.ts`, {
      WORKER_CONCURRENCY: '20',
      HANDLED_FILE: file,
      RECEIVER_URL: url,
      RECEIVER_SECRET: SECRET,
      FORWARD_ALLOW_PRIVATE: 'true',
      SHUTDOWN_DEADLINE_MS: '1000',
    });
    await sendAll(ingress.url, [...changesOf('invoice', 200), ...changesOf('contact', 100)]);
    await until(() => read('noteContact').length === 100, 'the other events to be handled');
    expect(most).toBe(10);
    const metrics = await (await fetch(`${worker.admin}/metrics`)).text();
    expect(metrics).toMatch(/xw_forwards_total\{outcome="parked",app="worker"\} \d+/);
  });

  it('spares a receiver that keeps failing, costs no attempts meanwhile, and goes on once it is well', async () => {
    const prefix = testPrefix();
    let isWell = false;
    const refused: string[] = [];
    const delivered: string[] = [];
    const url = await serve(({ headers }, response) => {
      (isWell ? delivered : refused).push(String(headers['webhook-id']));
      response.writeHead(isWell ? 200 : 503).end();
    });
    const ingress = await startIngress(prefix);
    const environment = {
      FORWARD_URL: url,
      FORWARD_SECRET: SECRET,
      FORWARD_ALLOW_PRIVATE: 'true',
      // Fewer than an event would use up if each of its runs were an attempt.
      RETRY_ATTEMPTS: '3',
      RETRY_BASE_MS: '1',
    };
    const workers = await Promise.all([1, 2].map(() => startWorker(prefix, NO_HANDLERS, environment)));
    const events = changesOf('invoice', 400);
    await sendAll(ingress.url, events);
    const isSparing = ({ msg }: { msg: string }): boolean => msg === 'a receiver keeps failing: messages to it wait';
    await until(() => workers.some(({ lines }) => lines.some(isSparing)), 'the receiver to be spared');
    const client = testClient();
    const delayed = async (): Promise<number> => client.zcard(`${prefix}:xero-events-0:delayed`);
    await until(async () => (await delayed()) + new Set(refused).size >= 400, 'all to wait');
    // Those that were on their way when it was found out, 25 in each worker, and those that tried since.
    expect(refused.length).toBeLessThanOrEqual(60);
    isWell = true;
    const dead = async (): Promise<number> => client.zcard(`${prefix}:xero-events-0:failed`);
    await until(async () => new Set(delivered).size + (await dead()) === 400, 'all to arrive', 60_000);
    expect(await dead()).toBe(0);
    expect(delivered).toHaveLength(400);
    const isWellAgain = ({ msg }: { msg: string }): boolean => msg === 'a receiver is well again: messages to it go on';
    expect(workers.some(({ lines }) => lines.some(isWellAgain))).toBe(true);
  });

  it('gives up where the receiver says that it wants no more', async () => {
    const prefix = testPrefix();
    const url = await serve((_request, response) => response.writeHead(410).end());
    const ingress = await startIngress(prefix);
    await startWorker(prefix, NO_HANDLERS, {
      FORWARD_URL: url,
      FORWARD_SECRET: SECRET,
      FORWARD_ALLOW_PRIVATE: 'true',
    });
    await sendAll(ingress.url, changesOf('invoice', 3));
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:failed`)) === 3, 'dead letters');
  });

  it('sends the resource as Xero has it, and only the events that are asked for', async () => {
    const tenants = organisations(2);
    const { startWorkers, xero, ...system } = await xeroSystem({ organisations: tenants });
    const bodies: { type: string; data: { event: XeroEvent; resource: Record<string, unknown> } }[] = [];
    const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = Buffer.concat(await request.toArray()).toString();
      bodies.push(new Webhook(SECRET).verify(body, request.headers as Record<string, string>) as (typeof bodies)[0]);
      response.end();
    };
    const url = await serve((request, response) => void receive(request, response));
    await startWorkers(1, {
      HANDLERS: NO_HANDLERS,
      FORWARD_URL: url,
      FORWARD_SECRET: `${SECRET},whsec_${randomBytes(32).toString('base64')}`,
      FORWARD_EVENTS: 'invoice.updated',
      FORWARD_INCLUDE: 'resource',
      FORWARD_ALLOW_PRIVATE: 'true',
    });
    const ids = tenants.flatMap(({ tenantId }) => Array<string>(10).fill(tenantId));
    await enqueueChanges({ xero, ...system }, 'contact', ids);
    const jobs = await enqueueChanges({ xero, ...system }, 'invoice', ids);
    await until(() => bodies.length >= 20, '20 messages');
    expect(new Set(bodies.map(({ type }) => type))).toEqual(new Set(['invoice.updated']));
    const sent = new Map(bodies.map(({ data: { event, resource } }) => [event.resourceId, resource]));
    expect([...sent.keys()].toSorted()).toEqual(jobs.map(({ data }) => data.event.resourceId).toSorted());
    for (const { data } of bodies) {
      expect(data.resource['InvoiceID']).toBe(data.event.resourceId);
      expect(data.resource['UpdatedDateUTC']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(data.event).toMatchObject({ name: 'invoice.updated', source: 'webhook' });
    }
    const calls = tenants.map(({ tenantId }) => xero.usage(tenantId));
    expect(calls.every(({ tooManyRequests }) => tooManyRequests === 0)).toBe(true);
  });
});
