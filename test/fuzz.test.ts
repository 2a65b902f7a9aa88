import { createQuarantine } from '@xero-webhooks/queue';
import type { Quarantine } from '@xero-webhooks/queue';
import { signedHeaders, xeroBody } from '@xero-webhooks/fake-xero';
import { captureB, describeWithRealRedis, openRaw, testClient, testPrefix } from '@xero-webhooks/testing';
import { eventKey, parsePayload, sign } from '@xero-webhooks/webhook';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { METHODS, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryBody } from './support/arbitrary-bodies.ts';
import { arbitraryRequest } from './support/arbitrary-requests.ts';
import { expectAsStarted } from './support/ingress-in-trouble.ts';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import type { RawConnection } from '@xero-webhooks/testing';
import { numberedEvent } from './support/steady-requests.ts';
import type { IngressProcess } from './support/system.ts';
import { post, startIngress, TEST_KEY } from './support/system.ts';

const releases: (() => void | Promise<void>)[] = [];
const atEnd = (release: () => void | Promise<void>): void => void releases.push(release);
let prefix: string;
let ingress: IngressProcess;
let client: Redis;
let quarantine: Quarantine;
/** Connections that never send the rest, opened first: the server gives them ten seconds. */
let stalled: RawConnection[];

beforeAll(async () => {
  prefix = testPrefix(atEnd);
  client = testClient(undefined, atEnd);
  quarantine = createQuarantine(await testQueueRedis(prefix, {}, atEnd), 1);
  ingress = await startIngress(prefix, {}, { atEnd });
  stalled = [
    'POST /webh',
    'POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-sig',
    'POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf',
    'POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nha',
    'POST /webhook HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n',
    'GET /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf',
    `POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n\r\nhalf`,
  ].map((text) => openRaw(ingress.url, text));
});

afterAll(async () => {
  for (const release of releases.toReversed()) await release();
});

const sample = xeroBody([numberedEvent(2)], 2);
const sampleSignature = sign(sample, TEST_KEY);

const jobIds = async (): Promise<Set<string>> =>
  new Set([
    ...(await client.lrange(`${prefix}:xero-events-0:wait`, 0, -1)),
    ...(await client.zrange(`${prefix}:xero-events-0:prioritized`, '0', '-1')),
  ]);

const kept = async (): Promise<Set<string>> =>
  new Set(
    (await Promise.all((await quarantine.list(100_000)).map(({ id }) => quarantine.read(id)))).map((entry) =>
      Buffer.from(entry!.body).toString('latin1'),
    ),
  );

/** A request as text, signed unless headers are given. */
function requestText(body: Buffer, { headers = '', signature = sign(body, TEST_KEY) } = {}): string {
  return `POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-signature: ${signature}\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body.toString('latin1')}`;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Sends a body in pieces, with its length or in chunks. */
function sendInPieces(body: Buffer, cuts: readonly number[], headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(ingress.url, { method: 'POST', headers: { ...headers } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode!));
    });
    outgoing.once('error', reject);
    let from = 0;
    for (const cut of cuts.map((place) => place % (body.length + 1)).toSorted((a, b) => a - b)) {
      if (cut > from) outgoing.write(body.subarray(from, cut));
      from = Math.max(from, cut);
    }
    outgoing.end(body.subarray(from));
  });
}

describe('the ingress', () => {
  it('makes of every signed body jobs, an entry of the quarantine, or both', async () => {
    const contentType = fc.oneof(
      fc.constantFrom('application/json', 'text/xml', 'multipart/form-data', ';;;', 'application/json; charset=utf-16'),
      fc.stringMatching(/^[!-~]{1,30}$/),
    );
    const sent = fc.record({
      body: arbitraryBody,
      cuts: fc.array(fc.nat(), { maxLength: 5 }),
      contentType,
      chunked: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 12 }), async (all) => {
        const statuses = await Promise.all(
          all.map(({ body: { bytes }, cuts, contentType: type, chunked }) =>
            sendInPieces(bytes, cuts, {
              ...signedHeaders(bytes, TEST_KEY),
              'content-type': type,
              ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bytes.length) }),
            }),
          ),
        );
        const [jobs, bodies] = await Promise.all([jobIds(), kept()]);
        for (const [index, { body }] of all.entries()) {
          const { bytes, keys } = body;
          const payload = parsePayload(bytes);
          expect(statuses[index]).toBe(payload.outcome === 'unreadable' ? 400 : 200);
          const isKept = bodies.has(bytes.toString('latin1'));
          if (payload.outcome === 'intent-to-receive') expect(keys ?? []).toEqual([]);
          else if (payload.outcome === 'unreadable') expect([keys, isKept]).toEqual([undefined, true]);
          else {
            const readable = payload.events.map(({ event }) => eventKey(event));
            if (keys) expect(readable).toEqual(keys);
            expect(readable.filter((key) => !jobs.has(key))).toEqual([]);
            if (payload.unreadable.length > 0) expect(isKept).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('answers 401 to every other signature, and stores nothing', async () => {
    const before = [await jobIds(), await kept()];
    const signature = fc.oneof(
      fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,100}$/),
      fc.tuple(fc.nat({ max: 43 }), fc.stringMatching(/^[!-~]{0,2}$/)).map(([at, text]) => {
        const right = sign(Buffer.from(captureB.body), TEST_KEY);
        return right.slice(0, at) + text + right.slice(at + 1);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(arbitraryBody, fc.constant(undefined)), signature, async (body, text) => {
        const bytes = body?.bytes ?? Buffer.from(captureB.body);
        fc.pre(text.trim() !== sign(bytes, TEST_KEY));
        const connection = openRaw(ingress.url, latin1(requestText(bytes, { signature: text })));
        expect(await connection.answers(1)).toEqual([401]);
        expect(connection.received()).toMatch(/\r\n\r\n$/);
      }),
      { numRuns: 150 },
    );
    expect([await jobIds(), await kept()]).toEqual(before);
  });

  it('survives whatever else is sent, and answers nothing that is not documented', async () => {
    const [earlier, later] = [1, 3].map((number) => xeroBody([numberedEvent(number)], number)) as [Buffer, Buffer];
    const requests = fc.array(arbitraryRequest('/webhook', earlier, TEST_KEY), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(requests, async (all) => {
        const connection = openRaw(ingress.url, latin1(all.join('')));
        // What is no whole request has no answer to wait for; but an answer to a later request comes after its own.
        expect((await post(ingress.url, later)).status).toBe(200);
        const statuses = await connection.finish();
        expect(statuses.filter((status) => ![100, 200, 400, 401, 405, 413, 431].includes(status))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const signed = requestText(sample);
  const unsigned = requestText(sample, { signature: 'x' });

  it.each<[string, string, number[]]>([
    ['requests that do not wait for each other', signed + unsigned + signed, [200, 401, 200]],
    ['methods and signatures in a row', signed + signed.replace('POST', 'PUT') + signed, [200, 405, 200]],
    [
      'a request that asks whether to continue',
      requestText(sample, { headers: 'expect: 100-continue\r\n' }),
      [100, 200],
    ],
    ['a request that expects something else', requestText(sample, { headers: 'expect: a-pony\r\n' }), [200]],
    ['an upgrade', requestText(sample, { headers: 'connection: upgrade\r\nupgrade: websocket\r\n' }), [200]],
    ['HTTP/1.0', signed.replace('HTTP/1.1', 'HTTP/1.0'), [200]],
    ['a length that is too short', signed.replace(/content-length: \d+/, 'content-length: 20'), [400]],
    ['a length that is no number', signed.replace(/content-length: \d+/, 'content-length: many'), [400]],
    ['a length below zero', signed.replace(/content-length: \d+/, 'content-length: -1'), [400]],
    ['two lengths', requestText(sample, { headers: 'content-length: 3\r\n' }), [400]],
    ['a length and chunks', requestText(sample, { headers: 'transfer-encoding: chunked\r\n' }), [400]],
    ['a chunk without a size', `${signed.replace(/content-length: \d+/, 'transfer-encoding: chunked')}zz`, [400]],
    ['two signatures, both right', requestText(sample, { headers: `x-xero-signature: ${sampleSignature}\r\n` }), [401]],
    ['two signatures, one right', requestText(sample, { headers: 'x-xero-signature: x\r\n' }), [401]],
    ['a signature on two lines', requestText(sample, { signature: `${sampleSignature}\r\n x` }), [400]],
    ['a header inside a signature', requestText(sample, { signature: `${sampleSignature}\nset-cookie: a=b` }), [400]],
    ['a zero byte in a header', requestText(sample, { headers: 'a: \0\r\n' }), [400]],
    ['no host', signed.replace('host: x\r\n', ''), [400]],
    ['a very long header', requestText(sample, { headers: `a: ${'b'.repeat(50_000)}\r\n` }), [431]],
    ['very many headers', requestText(sample, { headers: 'a: b\r\n'.repeat(10_000) }), [431]],
    ['a very long address', signed.replace('/webhook', `/webhook?${'a'.repeat(50_000)}`), [431]],
    ['a very large body', requestText(Buffer.alloc(30_000_000, 'a')), [413]],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
  ])('answers %s as it should', async (_what, text, statuses) => {
    const connection = openRaw(ingress.url, latin1(text));
    expect(await connection.answers(statuses.length)).toEqual(statuses);
    expect(connection.received()).not.toContain('set-cookie');
  });

  it('takes a body that comes byte by byte', async () => {
    const connection = openRaw(ingress.url, signed.slice(0, -sample.length));
    for (const byte of sample) await new Promise((resolve) => connection.socket.write(Buffer.of(byte), resolve));
    expect(await connection.answers(1)).toEqual([200]);
  });

  it('answers 405 with nothing in it to every other method', async () => {
    const methods = METHODS.filter((method) => method !== 'POST' && method !== 'CONNECT');
    expect(methods.length).toBeGreaterThan(30);
    for (const method of methods) {
      const connection = openRaw(ingress.url, signed.replace('POST', method));
      expect([method, await connection.answers(1)]).toEqual([method, [405]]);
      expect(connection.received()).toMatch(/\r\nallow: POST\r\n(.*\r\n)*\r\n$/i);
    }
  });

  it('closes a connection that asks for a tunnel', async () => {
    expect(await openRaw(ingress.url, 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n').closed()).toEqual([]);
  });

  it('survives clients that go away at any point', async () => {
    const clients = Array.from({ length: 100 }, (_, index) => {
      const cut = Math.floor((signed.length * (index + 1)) / 100);
      const { socket, closed } = openRaw(ingress.url, latin1(signed.slice(0, cut)));
      socket.once('connect', () => setImmediate(() => (index % 2 ? socket.resetAndDestroy() : socket.destroy())));
      return closed();
    });
    await Promise.all(clients);
    expect((await post(ingress.url, sample)).status).toBe(200);
  });
});

describeWithRealRedis('the ingress', () => {
  it('takes ten thousand events in one body', async () => {
    const events = Array.from({ length: 10_000 }, (_, index) => numberedEvent(index));
    expect((await post(ingress.url, xeroBody(events, 1))).status).toBe(200);
    const jobs = await jobIds();
    expect(events.map(eventKey).filter((key) => !jobs.has(key))).toEqual([]);
  });

  it('takes an event of five megabytes', async () => {
    const event = { ...numberedEvent(20_000), data: { text: 'ä'.repeat(2_500_000) } };
    expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
    expect((await jobIds()).has(eventKey(event))).toBe(true);
  });
});

describe('the ingress, after all that', () => {
  it('gives up on what stays away', async () => {
    const statuses = await Promise.all(stalled.map(({ closed }) => closed()));
    expect(statuses).toEqual([[408], [408], [408], [408], [100, 408], [405, 408], [413]]);
  });

  it('runs as it did at the start, has logged no secret, and still takes events', async () => {
    const event = numberedEvent(30_000);
    expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
    expect((await jobIds()).has(eventKey(event))).toBe(true);
    expectAsStarted(ingress);
    const log = JSON.stringify(ingress.lines);
    expect(log).not.toContain(TEST_KEY);
    expect(log).not.toContain(sampleSignature);
    expect(ingress.lines.filter(({ app }) => app !== 'ingress')).toEqual([]);
  });
});
