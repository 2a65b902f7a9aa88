import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHttpClient } from './http-client.ts';
import { isPrivateHost } from './public-agents.ts';

function client(options: Partial<Parameters<typeof createHttpClient>[0]> = {}) {
  const http = createHttpClient({ timeoutMs: 5_000, maxBytes: 1_000, ...options });
  onTestFinished(http.close);
  return http;
}

describe('an HTTP client', () => {
  it.each<[string, (text: string) => Buffer]>([
    ['identity', Buffer.from],
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('reads an answer in %s, and its size as it was sent', async (encoding, pack) => {
    const packed = pack('{"a":1}'.repeat(100));
    const url = await serve((_request, response) =>
      response.writeHead(201, { 'content-encoding': encoding }).end(packed),
    );
    expect(await client().request({ method: 'GET', url })).toMatchObject({
      outcome: 'answered',
      status: 201,
      headers: { 'content-encoding': encoding },
      text: '{"a":1}'.repeat(100),
      bytes: packed.byteLength,
    });
  });

  it.each<[string, object, string, string]>([
    ['an object', { a: 1 }, 'application/json', '{"a":1}'],
    ['URLSearchParams', new URLSearchParams({ a: 'ä' }), 'application/x-www-form-urlencoded', 'a=%C3%A4'],
  ])('sends %s', async (_name, body, type, sent) => {
    const url = await serve((request, response) => {
      response.setHeader('x-type', request.headers['content-type'] ?? '');
      request.pipe(response);
    });
    const result = await client().request({ method: 'POST', url, body: body as URLSearchParams });
    expect(result).toMatchObject({ text: sent, headers: { 'x-type': expect.stringContaining(type) } });
  });

  it('sends a text byte by byte', async () => {
    const url = await serve((request, response) => void request.pipe(response));
    const body = ' {"a" : "ä"}\n';
    const headers = { 'content-type': 'application/json' };
    expect(await client().request({ method: 'POST', url, headers, body })).toMatchObject({ text: body });
  });

  it('does not follow redirects', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await client().request({ method: 'GET', url })).toMatchObject({ outcome: 'answered', status: 302 });
  });

  it('ignores the proxies of the environment', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const url = await serve((_request, response) => response.end('direct'));
    expect(await client().request({ method: 'GET', url })).toMatchObject({ outcome: 'answered', text: 'direct' });
  });

  it('refuses an answer that is too long, as sent or unpacked', async () => {
    const long = 'x'.repeat(1_001);
    const plain = await serve((_request, response) => response.end(long));
    expect(await client().request({ method: 'GET', url: plain })).toMatchObject({ outcome: 'silent', late: false });
    const packed = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(long)),
    );
    expect(await client().request({ method: 'GET', url: packed })).toMatchObject({ outcome: 'silent', over: true });
  });

  it('cuts off an answer that trickles in', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const result = await client({ timeoutMs: 200 }).request({ method: 'GET', url });
    expect(result).toMatchObject({ outcome: 'silent', late: true, over: false });
  });

  it('ends with its signal', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const result = client().request({ method: 'GET', url, signal: controller.signal });
    controller.abort();
    expect(await result).toMatchObject({ outcome: 'silent', late: false, over: false });
  });

  it('keeps what was sent out of what it returns', async () => {
    const headers = { authorization: 'Bearer a-secret' };
    const body = { secret: 'a-secret' };
    const result = await client().request({ method: 'POST', url: 'http://127.0.0.1:1/', headers, body });
    expect(result).toEqual({ outcome: 'silent', code: 'ECONNREFUSED', late: false, over: true });
    expect(inspect(result, { depth: 20, showHidden: true })).not.toContain('a-secret');
  });

  describe('to which the start of an answer is enough', () => {
    const startClient = () => client({ answers: 'start', maxBytes: 10 });

    it('leaves out what is longer', async () => {
      const url = await serve((_request, response) => response.writeHead(500).end('x'.repeat(100_000)));
      const answer = { outcome: 'answered', status: 500, text: 'x'.repeat(10) };
      expect(await startClient().request({ method: 'POST', url })).toMatchObject(answer);
    });

    it('takes one that breaks off', async () => {
      const url = await serve((_request, response) => {
        response.writeHead(200, { 'content-length': 8 }).write('half');
        setImmediate(() => response.destroy());
      });
      const answer = { outcome: 'answered', status: 200 };
      expect(await startClient().request({ method: 'POST', url })).toMatchObject(answer);
    });

    it('takes one that never ends', async () => {
      const url = await serve((_request, response) => response.writeHead(202).flushHeaders());
      expect(await startClient().request({ method: 'POST', url })).toMatchObject({ outcome: 'answered', status: 202 });
    });

    it('keeps the connection where all of it has come', async () => {
      const ports = new Set<number | undefined>();
      const url = await serve((request, response) => {
        ports.add(request.socket.remotePort);
        response.end('short');
      });
      const http = startClient();
      for (let call = 0; call < 3; call++) await http.request({ method: 'POST', url, body: 'a' });
      expect(ports.size).toBe(1);
    });
  });

  describe('of public addresses', () => {
    it.each([
      ['an address of this machine', '127.0.0.1'],
      ['a name of this machine', 'localhost'],
      ['IPv6', '[::1]'],
      ['IPv4 within IPv6', '[::ffff:127.0.0.1]'],
      ['an address as a number', '2130706433'],
      ['a short address', '127.1'],
    ])('does not connect to %s', async (_name, host) => {
      let calls = 0;
      const url = new URL(await serve((_request, response) => response.end(String(++calls))));
      url.hostname = host;
      const result = await client({ publicOnly: true }).request({ method: 'POST', url: url.href });
      expect([result, calls]).toEqual([{ outcome: 'silent', code: 'EPRIVATE', late: false, over: true }, 0]);
    });

    it('does not connect to a private network, whatever the scheme', async () => {
      const http = client({ publicOnly: true });
      const hosts = ['10.0.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '[fd00:ec2::254]', '168.63.129.16'];
      for (const url of hosts.flatMap((host) => [`http://${host}/`, `https://${host}/`])) {
        expect({ url, ...(await http.request({ method: 'POST', url })) }).toMatchObject({ url, code: 'EPRIVATE' });
      }
    });
  });
});

describe('a host that is known not to be public', () => {
  it.each([
    ['127.0.0.1', true],
    ['0.0.0.0', true],
    ['[::]', true],
    ['[::127.0.0.1]', true],
    ['[::ffff:10.0.0.1]', true],
    ['[64:ff9b::a00:1]', true],
    ['[2002:7f00:1::]', true],
    ['[fe80::1]', true],
    ['localhost', true],
    ['LOCALHOST.', true],
    ['a.localhost', true],
    ['169.254.169.254', true],
    ['168.63.129.16', true],
    ['8.8.8.8', false],
    ['[2606:4700::1111]', false],
    ['example.com', false],
    ['notlocalhost', false],
  ])('%s: %s', (host, isPrivate) => {
    expect(isPrivateHost(host)).toBe(isPrivate);
  });
});
