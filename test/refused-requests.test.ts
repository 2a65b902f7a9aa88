import { signedHeaders } from '@xero-webhooks/fake-xero';
import { captureB, openRaw, testPrefix, until } from '@xero-webhooks/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngressProcess } from './support/system.ts';
import { post, startIngress, TEST_KEY } from './support/system.ts';

const releases: (() => void | Promise<void>)[] = [];
const atEnd = (release: () => void | Promise<void>): void => void releases.push(release);
let ingress: IngressProcess;

beforeAll(async () => {
  // With a slash at its end, as it may be written too.
  ingress = await startIngress(testPrefix(atEnd), { WEBHOOK_PATH: '/hooks/xero/', MAX_BODY_BYTES: '2000' }, { atEnd });
});

afterAll(async () => {
  for (const release of releases.toReversed()) await release();
});

/** How many requests were refused so far, by status and reason. */
async function refusals(): Promise<Record<string, number>> {
  const text = await (await fetch(`${ingress.admin}/metrics`)).text();
  const lines = text.matchAll(/^xw_requests_refused_total\{status="(\d+)",reason="([\w-]+)",app="ingress"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, status, reason, count]) => [`${status} ${reason}`, Number(count)]));
}

const at = (path: string): string => new URL(path, ingress.url).href;

const SIGNED = signedHeaders(Buffer.from(captureB.body), TEST_KEY)['x-xero-signature']!;

describe('a request that is refused', () => {
  it.each<[string, string, string]>([
    ['another path', 'GET /x HTTP/1.1\r\nhost: x\r\n\r\n', '404 not-found'],
    ['another method for /healthz', 'POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n', '404 not-found'],
    ['another method', 'GET /hooks/xero HTTP/1.1\r\nhost: x\r\n\r\n', '405 method-not-allowed'],
    ['no signature', 'POST /hooks/xero HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n', '401 signature-mismatch'],
    ['no HTTP', '\x16\x03\x01\x02\r\n\r\n', '400 malformed'],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', '400 malformed'],
    ['a malformed address', 'GET /%zz HTTP/1.1\r\nhost: x\r\n\r\n', '400 malformed'],
    ['large headers', `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`, '431 headers-too-large'],
    ['a large body', 'POST /hooks/xero HTTP/1.1\r\nhost: x\r\ncontent-length: 2001\r\n\r\n', '413 too-large'],
    [
      'large chunk extensions',
      `POST /hooks/xero HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`,
      '413 too-large',
    ],
    [
      'many small chunks',
      `POST /hooks/xero HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(1_500)}`,
      '400 too-many-pieces',
    ],
    ['a stalled request', 'GET /healthz HTTP/1.1\r\nhost:', '408 not-complete-in-time'],
  ])('for %s is counted', async (_what, text, counted) => {
    const before = await refusals();
    const connection = openRaw(ingress.url, Buffer.from(text, 'latin1'));
    expect(await connection.answers(1)).toEqual([Number(counted.slice(0, 3))]);
    expect(await refusals()).toEqual({ ...before, [counted]: (before[counted] ?? 0) + 1 });
  });

  it('is not counted where it is accepted, or where the client has left', async () => {
    const before = await refusals();
    expect((await fetch(at('/healthz'))).status).toBe(200);
    expect((await post(at('/hooks/xero'), captureB.body)).status).toBe(200);
    await openRaw(ingress.url, 'POST /hooks/xero HTTP/1.1\r\nhost: x\r\n\r\n').answers(1);
    const after = await refusals();
    expect(after).toEqual({ ...before, '401 signature-mismatch': (before['401 signature-mismatch'] ?? 0) + 1 });
  });

  it.each([
    ['an announced body that is too large', 'POST /hooks/xero', 2_001, [413]],
    ['another path', 'POST /elsewhere', 10, [404]],
    ['another method', 'PUT /hooks/xero', 10, [405]],
  ])('for %s is not told to go on first', async (_what, start, length, statuses) => {
    const text = `${start} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await openRaw(ingress.url, text).closed()).toEqual(statuses);
  });

  it('is told to go on where its body is wanted', async () => {
    const head = `expect: 100-continue\r\nx-xero-signature: ${SIGNED}\r\ncontent-length: ${captureB.body.length}\r\n\r\n`;
    for (const path of ['/hooks/xero', '/hooks/xero/', '/hooks/xero?a=b']) {
      const connection = openRaw(ingress.url, `POST ${path} HTTP/1.1\r\nhost: x\r\n${head}`);
      await until(() => connection.statuses().length === 1, 'it to be told to go on');
      connection.socket.write(captureB.body);
      expect(await connection.answers(2)).toEqual([100, 200]);
    }
  });

  it.each(['/elsewhere', '/hooks/xero', '/hooks/xero/'])(
    'at %s ends its connection, however much comes',
    async (path) => {
      const connection = openRaw(ingress.url, `PUT ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
      const sending = setInterval(() => connection.socket.write('1\r\na\r\n'.repeat(1_000)), 1);
      expect(await connection.closed()).toEqual([path === '/elsewhere' ? 404 : 405]);
      clearInterval(sending);
    },
  );
});

describe('a signed request', () => {
  it('is received with and without a slash at the end of the path', async () => {
    for (const path of ['/hooks/xero', '/hooks/xero/']) expect((await post(at(path), captureB.body)).status).toBe(200);
  });

  it('for another path is a warning that names both paths, once in a while', async () => {
    for (const path of ['/hooks/Xero', '//hooks/xero', '/hooks/xero//', '/webhook?token=1']) {
      const { origin } = new URL(ingress.url);
      expect((await post(`${origin}${path}`, captureB.body)).status).toBe(404);
    }
    const warning = await ingress.line(({ webhookPath }) => webhookPath === '/hooks/xero/', 'a warning');
    expect(warning).toMatchObject({ level: 'warn', path: '/hooks/Xero', unlogged: 0 });
    expect(warning.msg).toContain('the webhook is at /hooks/xero/');
    expect(ingress.lines.filter((line) => 'webhookPath' in line)).toHaveLength(1);
  });
});
