import { text } from 'node:stream/consumers';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { grantSystem, NOON } from '../grants/grants-for-tests.ts';
import { createIdentity } from './identity.ts';

const app = { clientId: 'an-app', clientSecret: 'a-secret' };
const good = JSON.stringify({ access_token: 'a', refresh_token: 'r', expires_in: 1800, token_type: 'Bearer' });

describe('the client of Xero’s identity server', () => {
  it('exchanges, refreshes and revokes, and says when a token ends', async () => {
    const { xero, identity } = await grantSystem();
    const { refresh_token: first } = xero.grant();
    const refreshed = await identity.refresh(first!);
    expect(refreshed).toEqual({
      outcome: 'tokens',
      tokens: {
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        issuedAt: NOON,
        expiresAt: NOON + 1_800_000,
      },
    });
    expect(await identity.revoke(first!)).toEqual({ outcome: 'revoked' });
    expect(await identity.revoke(first!)).toEqual({ outcome: 'revoked' });
    expect(await identity.refresh(first!)).toMatchObject({ outcome: 'refused' });
  });

  it('proves itself with its secret in a header, or names itself in the form where it has none', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      void text(request).then((form) => {
        seen.push([request.url, request.headers.authorization, form]);
        response.end(good);
      });
    });
    await createIdentity({ url, ...app }).refresh('r');
    await createIdentity({ url, clientId: 'an-app' }).redeem({ code: 'c', redirectUri: 'http://b/c', verifier: 'v' });
    await createIdentity({ url, ...app }).clientCredentials();
    await createIdentity({ url, ...app }).clientCredentials('one two');
    const basic = `Basic ${Buffer.from('an-app:a-secret').toString('base64')}`;
    expect(seen).toEqual([
      ['/connect/token', basic, 'grant_type=refresh_token&refresh_token=r'],
      [
        '/connect/token',
        undefined,
        'grant_type=authorization_code&code=c&redirect_uri=http%3A%2F%2Fb%2Fc&code_verifier=v&client_id=an-app',
      ],
      ['/connect/token', basic, 'grant_type=client_credentials'],
      ['/connect/token', basic, 'grant_type=client_credentials&scope=one+two'],
    ]);
  });

  it.each<[string, number, string, object]>([
    ['a grant that has ended', 400, '{"error":"invalid_grant"}', { outcome: 'refused' }],
    ['an unknown app', 401, '{"error":"invalid_client"}', { outcome: 'misconfigured', error: 'invalid_client' }],
    ['a scope too many', 400, '{"error":"invalid_scope"}', { outcome: 'misconfigured', error: 'invalid_scope' }],
    ['a moment of weakness', 400, '{"error":"temporarily_unavailable"}', { outcome: 'unavailable' }],
    ['an error that is no word', 400, '{"error":"a-secret token"}', { outcome: 'unavailable' }],
    ['a refusal without a word', 403, '<html>', { outcome: 'unavailable' }],
    ['an error of the server', 500, '{"error":"invalid_grant"}', { outcome: 'unavailable' }],
    ['too many requests', 429, '{"error":"invalid_grant"}', { outcome: 'unavailable', retryMs: 7_000 }],
    ['a redirect', 302, '', { outcome: 'unavailable' }],
    ['no JSON', 200, '<html>', { outcome: 'unavailable' }],
    ['no token', 200, '{"expires_in":1800}', { outcome: 'unavailable' }],
    ['a token that fits in no header', 200, '{"access_token":"a\\nb","expires_in":1800}', { outcome: 'unavailable' }],
    ['a token without an end', 200, '{"access_token":"a"}', { outcome: 'unavailable' }],
    [
      'a token with a strange refresh token',
      200,
      '{"access_token":"a","expires_in":1,"refresh_token":1}',
      { outcome: 'unavailable' },
    ],
    ['far too much', 200, `"${'x'.repeat(2_000_000)}"`, { outcome: 'unavailable' }],
  ])('tells what %s means, without a secret', async (_what, status, body, expected) => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(status, { 'retry-after': status === 429 ? '7' : '', location: `${url}/elsewhere` }).end(body);
    });
    const outcome = await createIdentity({ url, ...app }).refresh('a-refresh-token');
    expect(outcome).toMatchObject(expected);
    expect(JSON.stringify(outcome)).not.toMatch(/a-secret|a-refresh-token|Basic/);
  });

  it('believes five minutes at the most where it is asked to wait', async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(503, { 'retry-after': '604800' }).end();
    });
    expect(await createIdentity({ url, ...app }).clientCredentials()).toMatchObject({
      outcome: 'unavailable',
      retryMs: 300_000,
    });
  });

  it('does not wait for ever, neither for an answer nor for its end', async () => {
    const silent = await serve(() => {});
    const dripping = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    });
    for (const url of [silent, dripping]) {
      expect(await createIdentity({ url, ...app, timeoutMs: 150 }).refresh('r')).toMatchObject({
        outcome: 'unavailable',
        reason: expect.stringMatching(/^127\.0\.0\.1:\d+ does not answer \(nothing within 150 ms\)$/),
      });
    }
    const url = await serve((request) => request.socket.destroy());
    expect(await createIdentity({ url, ...app }).refresh('a-token')).toMatchObject({
      outcome: 'unavailable',
      reason: expect.stringMatching(/does not answer \(ECONNRESET\)$/),
    });
  });
});
