import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHttpClient } from './http-client.ts';

function client({ timeoutMs = 5_000, maxBytes = 1_000 } = {}) {
  const http = createHttpClient({ timeoutMs, maxBytes });
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
});
