import { connect } from 'node:net';
import { createQuarantine } from '@xero-webhooks/queue';
import { signedHeaders, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { captureB, creditNoteBody, openRaw, testClient, testPrefix } from '@xero-webhooks/testing';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import Fastify from 'fastify';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import type { XeroWebhooksOptions } from './plugin.ts';
import { xeroWebhooks } from './plugin.ts';

const KEY = captureB.key;
const CHUNKED_REQUEST = 'POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';

type Listening = { app: FastifyInstance; url: string; prefix: string; jobIds: () => Promise<string[]> };

/** Starts a host application with the plugin in it. */
async function startHost(
  options: Partial<XeroWebhooksOptions> = {},
  prepare = (_app: FastifyInstance) => {},
  app: FastifyInstance = Fastify(),
): Promise<Listening> {
  const prefix = testPrefix();
  prepare(app);
  await app.register(xeroWebhooks, { keys: [KEY], redis: inject('redis').url, redisPrefix: prefix, ...options });
  onTestFinished(() => app.close());
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/webhook`;
  const client = testClient();
  return { app, url, prefix, jobIds: () => client.lrange(`${prefix}:xero-events-0:wait`, 0, -1) };
}

async function quarantined(prefix: string) {
  const quarantine = createQuarantine(await testQueueRedis(prefix), 1);
  const entries = await Promise.all((await quarantine.list(100)).map(({ id }) => quarantine.read(id)));
  return entries.map((entry) => entry!);
}

function post(url: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response> {
  const bytes = Buffer.from(body as string);
  return fetch(url, { method: 'POST', body: bytes, headers: headers ?? signedHeaders(bytes, KEY) });
}

const invoice = (resourceId: string) =>
  xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-02T03:04:05.67' });

describe('the plugin', () => {
  it('answers 200 with nothing in it once the event is a job', async () => {
    const { url, jobIds } = await startHost();
    const answer = await post(url, creditNoteBody);
    expect([answer.status, await answer.text(), answer.headers.get('content-length')]).toEqual([200, '', '0']);
    expect(await jobIds()).toEqual(['xWHZh_MZRc9-bVwOZZ7i1F3xIzRc']);
  });

  it('makes one job of an event that comes twice', async () => {
    const { url, jobIds } = await startHost();
    await Promise.all([post(url, creditNoteBody), post(url, creditNoteBody), post(url, creditNoteBody)]);
    await post(url, creditNoteBody);
    expect(await jobIds()).toHaveLength(1);
  });

  it.each([
    ['no content type', {}],
    ['a foreign content type', { 'content-type': 'text/xml; charset=latin1' }],
    ['a malformed content type', { 'content-type': ';;;' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('takes the raw bytes with %s', async (_what, headers) => {
    const { url, jobIds } = await startHost();
    const signature = signedHeaders(Buffer.from(creditNoteBody), KEY)['x-xero-signature']!;
    expect((await post(url, creditNoteBody, { ...headers, 'x-xero-signature': signature })).status).toBe(200);
    expect(await jobIds()).toHaveLength(1);
  });

  it('keeps the hooks of the application from adding a body or a cookie', async () => {
    const { url } = await startHost({}, (app) => {
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('set-cookie', 'session=1');
        reply.raw.setHeader('set-cookie', 'session=2');
        reply.raw.setHeader('x-powered-by', 'host');
      });
      app.addHook('onSend', async (_request, reply) => {
        reply.header('set-cookie', 'session=3');
        return 'a body';
      });
    });
    for (const [body, headers, status] of [
      [creditNoteBody, undefined, 200],
      [captureB.body, undefined, 200],
      [creditNoteBody, { 'x-xero-signature': 'wrong' }, 401],
    ] as const) {
      const answer = await post(url, body, headers);
      expect([
        answer.status,
        await answer.text(),
        answer.headers.get('set-cookie'),
        answer.headers.get('x-powered-by'),
      ]).toEqual([status, '', null, null]);
    }
  });

  it('leaves the other routes of the application as they are', async () => {
    const { url } = await startHost({}, (app) => {
      app.post('/other', async (request) => ({ parsed: request.body }));
    });
    const answer = await fetch(url.replace('/webhook', '/other'), {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toEqual({ parsed: { a: 1 } });
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const { url } = await startHost();
    const answer = await fetch(url, { method });
    expect([answer.status, await answer.text(), answer.headers.get('allow')]).toEqual([405, '', 'POST']);
  });

  it('enqueues the readable events of a body, and keeps the body for the others', async () => {
    const { url, prefix, jobIds } = await startHost();
    const body = Buffer.from(
      JSON.stringify({ events: [invoice('a'), { ...invoice('b'), tenantId: '' }, 5, invoice('c')] }),
    );
    const answer = await post(url, body);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await jobIds()).toHaveLength(2);
    const [entry, ...others] = await quarantined(prefix);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ cause: 'unreadable-events', times: 1 });
    expect(entry!.detail).toBe(
      'event 1: tenantId is malformed: expected 1 to 64 letters, digits or hyphens; event 2: the event is not an object',
    );
    expect(Buffer.from(entry!.body).equals(body)).toBe(true);
  });

  it('keeps a signed body that it cannot read once, says why, and answers 400', async () => {
    const { url, prefix } = await startHost();
    const body = Buffer.concat([Buffer.from('{"events":['), Buffer.from([0xff, 0x00])]);
    for (let times = 0; times < 3; times++) {
      const answer = await post(url, body);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
      expect(await answer.json()).toMatchObject({
        status: 400,
        cause: 'not-utf8',
        detail: 'the body is not valid UTF-8',
      });
    }
    const entries = await quarantined(prefix);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ cause: 'not-utf8', times: 3 });
    expect(Buffer.from(entries[0]!.body).equals(body)).toBe(true);
  });

  it('answers 200 to a body that it cannot read where it is told to', async () => {
    const { url, prefix } = await startHost({ unreadableStatus: 200 });
    const answer = await post(url, 'not JSON');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await quarantined(prefix)).toHaveLength(1);
  });

  it('answers 503 where the quarantine is full, and loses nothing that it can read', async () => {
    const { url, prefix, jobIds } = await startHost({ quarantineBytes: 10 });
    const answer = await post(url, 'not JSON at all');
    expect([answer.status, await answer.text(), answer.headers.get('retry-after')]).toEqual([503, '', '5']);
    expect(await quarantined(prefix)).toEqual([]);
    expect((await post(url, xeroBody([invoice('a')], 1))).status).toBe(200);
    expect(await jobIds()).toHaveLength(1);
  });

  it('never keeps what is not signed', async () => {
    const { url, prefix } = await startHost();
    expect((await post(url, 'not JSON', {})).status).toBe(401);
    expect((await post(url, 'not JSON', { 'x-xero-signature': 'x' })).status).toBe(401);
    expect(await quarantined(prefix)).toEqual([]);
  });

  it.each(['with its length', 'in chunks'])('answers 413 to a body that is too large, sent %s', async (how) => {
    const { url } = await startHost({ maxBodyBytes: 2_000 });
    const large = Buffer.alloc(300_000, 'a');
    const body = how === 'in chunks' ? new ReadableStream({ start: (to) => (to.enqueue(large), to.close()) }) : large;
    const answer = await fetch(url, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: signedHeaders(large, KEY),
    });
    expect([answer.status, await answer.text()]).toEqual([413, '']);
    expect((await post(url, creditNoteBody)).status).toBe(200);
  });

  it('takes a body of exactly the largest size, sent in small pieces', async () => {
    const events = ['a', 'b', 'c', 'd', 'e'].map((id) => invoice(id));
    const body = xeroBody(events, 1);
    const { url, jobIds } = await startHost({ maxBodyBytes: body.length });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    const { 'x-xero-signature': signature } = signedHeaders(body, KEY);
    socket.write(
      `POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-signature: ${signature}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    for (const pair of body.toString('latin1').match(/..?/gs)!) {
      socket.write(`${pair.length}\r\n${pair}\r\n`);
    }
    socket.write('0\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
    expect(await jobIds()).toHaveLength(5);
  });

  it('ends a connection whose body comes in too many chunks, and answers 400 first', async () => {
    const { url } = await startHost();
    const connection = openRaw(url, CHUNKED_REQUEST);
    const sending = setInterval(() => connection.socket.write('1\r\na\r\n'.repeat(1_000)), 1);
    onTestFinished(() => clearInterval(sending));
    expect(await connection.closed()).toEqual([400]);
    expect(connection.received()).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('ends a connection whose body is too large, and answers what was sent before', async () => {
    const { url, jobIds } = await startHost({ maxBodyBytes: 2_000 });
    const body = xeroBody([invoice('a')], 1);
    const { 'x-xero-signature': signature } = signedHeaders(body, KEY);
    const connection = openRaw(
      url,
      `POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n`,
      body,
      CHUNKED_REQUEST,
    );
    const sending = setInterval(() => connection.socket.write(`400\r\n${'a'.repeat(1_024)}\r\n`), 1);
    onTestFinished(() => clearInterval(sending));
    expect(await connection.closed()).toEqual([200, 413]);
    expect(await jobIds()).toHaveLength(1);
  });

  it.each(['/webhook', '/webhook/'])('receives with and without a slash at the end of %s', async (path) => {
    const { url, jobIds } = await startHost({ path });
    expect((await post(url, creditNoteBody)).status).toBe(200);
    expect((await post(`${url}/`, captureB.body)).status).toBe(200);
    expect((await post(`${url}/?a=b`, captureB.body)).status).toBe(200);
    expect((await post(`${url}//`, captureB.body)).status).toBe(404);
    expect(await jobIds()).toHaveLength(1);
  });

  it.each<[string, FastifyServerOptions, (app: FastifyInstance) => void, number]>([
    ['takes both for one', { routerOptions: { ignoreTrailingSlash: true } }, () => {}, 401],
    ['has a route with the slash', {}, (app) => void app.post('/webhook/', async () => 'own'), 200],
  ])('lives in an application that %s', async (_what, options, prepare, status) => {
    const { url } = await startHost({}, prepare, Fastify(options));
    expect((await post(url, creditNoteBody)).status).toBe(200);
    expect((await post(`${url}/`, '{}', { 'content-type': 'application/json' })).status).toBe(status);
  });

  it.each([
    ['/Webhook', '/Webhook'],
    ['//webhook', '//webhook'],
    ['/hooks?secret=1', '/hooks'],
    ['/\u001b[31m', '/?[31m'],
    [`/${'a'.repeat(5_000)}`, `/${'a'.repeat(99)}…`],
  ])('warns of a request with a signature to a path that is not there: %j', async (path, shown) => {
    const lines: Record<string, unknown>[] = [];
    const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    const { url } = await startHost({}, undefined, Fastify({ logger: { level: 'warn', stream } }));
    // The start has warned of the tests' key.
    lines.length = 0;
    const ask = (text: string): Promise<number[]> => openRaw(url, Buffer.from(text, 'latin1')).answers(1);
    expect(await ask(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`)).not.toEqual([200]);
    expect(lines).toEqual([]);
    const status = await ask(`POST ${path} HTTP/1.1\r\nhost: x\r\nx-xero-signature: x\r\ncontent-length: 0\r\n\r\n`);
    if (status[0] === 404) expect(lines).toMatchObject([{ path: shown, webhookPath: '/webhook', unlogged: 0 }]);
    else expect([path, status]).toEqual(['/\u001b[31m', [400]]);
  });

  it('answers 503 where Redis will not have an event, and logs why without the event', async () => {
    const lines: string[] = [];
    const logging = Fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } });
    const { url, prefix } = await startHost({}, undefined, logging);
    await testClient().set(`${prefix}:xero-events-0:wait`, 'no list');
    const answer = await post(url, xeroBody([invoice('a-private-id')], 1));
    expect([answer.status, await answer.text(), answer.headers.get('retry-after')]).toEqual([503, '', '5']);
    const log = lines.filter((line) => line.includes('the events could not be enqueued')).join('');
    expect(log).toContain('WRONGTYPE');
    expect(log).not.toContain('a-private-id');
  });

  it('accepts every one of several keys', async () => {
    const { url } = await startHost({ keys: ['new', 'old'] });
    for (const key of ['new', 'old']) {
      expect((await post(url, captureB.body, signedHeaders(Buffer.from(captureB.body), key))).status).toBe(200);
    }
    expect((await post(url, captureB.body, signedHeaders(Buffer.from(captureB.body), 'older'))).status).toBe(401);
  });

  it.each([
    [{ keys: [] }, 'keys is not set: set it to a webhook key, or several separated by commas'],
    [
      { keys: [undefined as unknown as string] },
      'keys is not set: set it to a webhook key, or several separated by commas',
    ],
    [{ redis: undefined as unknown as string }, /^redis is not set: set it to an address/],
    [{ redis: 'http://a-password@127.0.0.1' }, /^redis (?!.*a-password)/],
    [{ redisPrefix: 'a:b' }, 'redisPrefix must be 1 to 40 letters, digits, dots, hyphens or underscores (got "a:b")'],
    [{ shards: 0 }, 'shards must be a whole number from 1 to 64 (got "0")'],
    [{ maxBodyBytes: 1.5 }, 'maxBodyBytes must be a whole number from 1024 to 104857600 (got "1.5")'],
  ])('does not get ready with %o', async (options, message) => {
    const other = Fastify();
    onTestFinished(() => other.close());
    const registered = other.register(xeroWebhooks, { keys: [KEY], redis: inject('redis').url, ...options });
    const error = await Promise.resolve(registered)
      .then(() => other.ready())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'XW_CONFIG' });
    expect((error as Error).message).toMatch(message);
  });

  it('does not get ready with a Redis of another number of shards', async () => {
    const { prefix } = await startHost();
    const other = Fastify();
    onTestFinished(() => other.close());
    const registered = other.register(xeroWebhooks, {
      keys: [KEY],
      redis: inject('redis').url,
      redisPrefix: prefix,
      shards: 3,
    });
    await expect(Promise.resolve(registered).then(() => other.ready())).rejects.toMatchObject({ code: 'XW_SHARDS' });
  });
});
