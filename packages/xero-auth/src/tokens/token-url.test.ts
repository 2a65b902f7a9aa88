import { inspect } from 'node:util';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { createTokenUrl } from './token-url.ts';

const { signal } = new AbortController();

/** A service that answers as told, and what it was asked. */
async function service(status: number, body: string) {
  const asked: { method: string | undefined; authorization: string | undefined; body: unknown }[] = [];
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, headers } = request;
      asked.push({ method, authorization: headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' }).end(body);
    });
  });
  return { asked, url: `${url}/token` };
}

describe('a service at XERO_TOKEN_URL', () => {
  it('is asked for the token of an organisation, with the secret', async () => {
    const token = { accessToken: 'token', expiresAt: '2026-11-23T00:00:00Z' };
    const { asked, url } = await service(200, JSON.stringify(token));
    const bring = createTokenUrl({ url, secret: 'secret' });
    expect(await bring('t-1', { refresh: false, signal })).toEqual(token);
    expect(await bring('t-1', { refresh: true, signal })).toEqual(token);
    const words = { method: 'POST', authorization: 'Bearer secret' };
    expect(asked).toEqual([
      { ...words, body: { tenantId: 't-1', refresh: false } },
      { ...words, body: { tenantId: 't-1', refresh: true } },
    ]);
  });

  it('is asked without a secret where there is none', async () => {
    const { asked, url } = await service(200, 'null');
    expect(await createTokenUrl({ url, secret: undefined })('t-1', { refresh: false, signal })).toBeNull();
    expect(asked[0]!.authorization).toBeUndefined();
  });

  it('says with 404 that the organisation is not connected', async () => {
    const { url } = await service(404, 'no such organisation');
    expect(await createTokenUrl({ url, secret: 's' })('t-1', { refresh: false, signal })).toBeNull();
  });

  it.each([
    [401, '', 'HTTP 401'],
    [500, '', 'HTTP 500'],
    [302, '', 'HTTP 302'],
    [200, '<html>', 'not JSON'],
  ])('is not understood where it answers %i %s', async (status, body, code) => {
    const { asked, url } = await service(status, body);
    const bringing = createTokenUrl({ url, secret: 'a-secret' })('t-1', { refresh: false, signal });
    await expect(bringing).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(1);
  });

  it('does not get its secret into an error', async () => {
    const bring = createTokenUrl({ url: 'http://127.0.0.1:1/token', secret: 'a-secret' });
    const error: unknown = await Promise.resolve(bring('t-1', { refresh: false, signal })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('a-secret');
  });
});
