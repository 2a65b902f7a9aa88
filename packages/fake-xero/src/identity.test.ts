import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FakeXero } from './fake-xero.ts';
import { get, startStopped } from './fake-xero-for-tests.ts';
import type { TokenSet } from './tokens.ts';

const REDIRECT = 'http://localhost:3001/callback';
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-x';
const MINUTE_MS = 60_000;
const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
const basic = `Basic ${Buffer.from('demo-app:demo-secret').toString('base64')}`;

async function authorize(xero: FakeXero, words: Record<string, string> = {}): Promise<URL> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'demo-app',
    redirect_uri: REDIRECT,
    scope: 'accounting.invoices.read offline_access',
    state: 'some state',
    ...words,
  });
  const answer = await fetch(`${xero.url}/identity/connect/authorize?${query.toString()}`, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location')!);
}

async function codeFor(xero: FakeXero, words: Record<string, string> = {}): Promise<string> {
  return (await authorize(xero, words)).searchParams.get('code')!;
}

function post(xero: FakeXero, path: string, form: Record<string, string>, authorization = basic): Promise<Response> {
  const headers = authorization === '' ? {} : { authorization };
  return fetch(`${xero.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) });
}

const redeem = (xero: FakeXero, code: string, more: Record<string, string> = {}, authorization?: string) =>
  post(
    xero,
    '/connect/token',
    { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more },
    authorization,
  );

const refresh = (xero: FakeXero, token: string | undefined) =>
  post(xero, '/connect/token', { grant_type: 'refresh_token', refresh_token: token! });

async function tokensIn(answer: Response): Promise<TokenSet> {
  expect(answer.status).toBe(200);
  return (await answer.json()) as TokenSet;
}

async function expectError(answer: Response, error: string): Promise<void> {
  expect([answer.status, await answer.json()]).toEqual([400, { error }]);
}

describe('an authorisation', () => {
  it('comes back with a code and the state, and the code is exchanged for tokens', async () => {
    const xero = await startStopped();
    const back = await authorize(xero);
    expect(back.origin + back.pathname).toBe(REDIRECT);
    expect(back.searchParams.get('state')).toBe('some state');
    expect(await tokensIn(await redeem(xero, back.searchParams.get('code')!))).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.any(String),
      expires_in: 1800,
      token_type: 'Bearer',
      scope: 'accounting.invoices.read offline_access',
    });
  });

  it('gives no refresh token without the scope for it', async () => {
    const xero = await startStopped();
    const code = await codeFor(xero, { scope: 'openid' });
    expect(await tokensIn(await redeem(xero, code))).not.toHaveProperty('refresh_token');
  });

  it('covers all organisations that the user has chosen', async () => {
    const xero = await startStopped();
    const { access_token: token } = await tokensIn(await redeem(xero, await codeFor(xero)));
    const connections = await (await get(xero, '/connections', token)).json();
    expect(connections).toEqual(
      xero.organisations.map(({ tenantId, name }) =>
        expect.objectContaining({ tenantId, tenantName: name, tenantType: 'ORGANISATION' }),
      ),
    );

    const one = await startStopped();
    const { tenantId } = one.organisations[1]!;
    one.setConsent({ tenantIds: [tenantId] });
    const { access_token: other } = await tokensIn(await redeem(one, await codeFor(one)));
    expect(await (await get(one, '/connections', other)).json()).toEqual([expect.objectContaining({ tenantId })]);
  });

  it('comes back with an error where the user refuses', async () => {
    const xero = await startStopped();
    xero.setConsent({ denied: true });
    const { searchParams } = await authorize(xero);
    expect(Object.fromEntries(searchParams)).toEqual({ error: 'access_denied', state: 'some state' });
  });

  it.each([
    ['an unknown app', { client_id: 'nobody' }],
    ['an address elsewhere', { redirect_uri: 'https://example.com/callback' }],
    ['no address', { redirect_uri: 'nothing' }],
  ])('is refused on the spot for %s', async (_what, words) => {
    const xero = await startStopped();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'demo-app',
      redirect_uri: REDIRECT,
      ...words,
    });
    const answer = await fetch(`${xero.url}/identity/connect/authorize?${query.toString()}`, { redirect: 'manual' });
    expect(answer.status).toBe(400);
  });

  it.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a plain challenge', { code_challenge: VERIFIER, code_challenge_method: 'plain' }, 'invalid_request'],
    ['no challenge from an app without a secret', { client_id: 'demo-pkce-app' }, 'invalid_request'],
  ])('comes back with an error for %s', async (_what, words, error) => {
    const back = await authorize(await startStopped(), words);
    expect(back.searchParams.get('error')).toBe(error);
  });
});

describe('a code', () => {
  it('works once, for five minutes, at its own address', async () => {
    const xero = await startStopped();
    const code = await codeFor(xero);
    expect((await redeem(xero, code)).status).toBe(200);
    await expectError(await redeem(xero, code), 'invalid_grant');

    const late = await codeFor(xero);
    xero.clock.advance(5 * MINUTE_MS);
    await expectError(await redeem(xero, late), 'invalid_grant');

    await expectError(await redeem(xero, await codeFor(xero), { redirect_uri: 'http://localhost/' }), 'invalid_grant');
    await expectError(await redeem(xero, 'made up'), 'invalid_grant');
  });

  it('of an app with PKCE works with the verifier alone', async () => {
    const xero = await startStopped();
    const words = { client_id: 'demo-pkce-app', code_challenge: challenge, code_challenge_method: 'S256' };
    const client = { client_id: 'demo-pkce-app' };
    const withVerifier = async (more: Record<string, string>): Promise<Response> =>
      redeem(xero, await codeFor(xero, words), { ...client, ...more }, '');
    expect((await withVerifier({ code_verifier: VERIFIER })).status).toBe(200);
    await expectError(await withVerifier({ code_verifier: 'another' }), 'invalid_grant');
    await expectError(await withVerifier({}), 'invalid_grant');
  });

  it('belongs to the app that it was made for', async () => {
    const xero = await startStopped();
    const code = await codeFor(xero);
    await expectError(await redeem(xero, code, { client_id: 'demo-pkce-app' }, ''), 'invalid_grant');
    expect((await redeem(xero, code)).status).toBe(200);
  });
});

describe('an app', () => {
  it('proves itself by the header or by the form', async () => {
    const xero = await startStopped();
    expect((await redeem(xero, await codeFor(xero))).status).toBe(200);
    const form = { client_id: 'demo-app', client_secret: 'demo-secret' };
    expect((await redeem(xero, await codeFor(xero), form, '')).status).toBe(200);
  });

  it.each([
    ['nothing', {}, ''],
    ['a wrong secret', {}, `Basic ${Buffer.from('demo-app:wrong').toString('base64')}`],
    ['a header that cannot be read', {}, 'Basic !'],
    ['its id alone', { client_id: 'demo-app' }, ''],
    ['an unknown id', { client_id: 'nobody', client_secret: 'demo-secret' }, ''],
  ])('is refused with %s', async (_what, form, authorization) => {
    const xero = await startStopped();
    await expectError(await redeem(xero, 'any', form, authorization), 'invalid_client');
    await expectError(await post(xero, '/connect/revocation', form, authorization), 'invalid_client');
  });

  it('is told of a kind of grant that there is not', async () => {
    const xero = await startStopped();
    await expectError(await post(xero, '/connect/token', { grant_type: 'password' }), 'unsupported_grant_type');
  });
});

describe('a refresh token', () => {
  it('is replaced at each use, and the old one still works for half an hour', async () => {
    const xero = await startStopped();
    const first = xero.grant();
    const second = await tokensIn(await refresh(xero, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);

    xero.clock.advance(29 * MINUTE_MS);
    await tokensIn(await refresh(xero, first.refresh_token));
    xero.clock.advance(MINUTE_MS);
    await expectError(await refresh(xero, first.refresh_token), 'invalid_grant');
    await tokensIn(await refresh(xero, second.refresh_token));
  });

  it('is dead at its first use where there is no grace', async () => {
    const xero = await startStopped({ lifetimes: { refreshGraceMs: 0 } });
    const { refresh_token: token } = xero.grant();
    await tokensIn(await refresh(xero, token));
    await expectError(await refresh(xero, token), 'invalid_grant');
  });

  it('ends after sixty days without use', async () => {
    const xero = await startStopped();
    const { refresh_token: token } = xero.grant();
    xero.clock.advance(60 * 24 * 60 * MINUTE_MS);
    await expectError(await refresh(xero, token), 'invalid_grant');
  });

  it('works for its own app alone', async () => {
    const xero = await startStopped();
    await expectError(await refresh(xero, xero.grant({ clientId: 'demo-pkce-app' }).refresh_token), 'invalid_grant');
  });

  it('is revoked with its grant, and takes the connections along', async () => {
    const xero = await startStopped();
    const first = xero.grant();
    const second = await tokensIn(await refresh(xero, first.refresh_token));
    const answer = await post(xero, '/connect/revocation', { token: second.refresh_token! });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await expectError(await refresh(xero, first.refresh_token), 'invalid_grant');
    await expectError(await refresh(xero, second.refresh_token), 'invalid_grant');
    expect(await (await get(xero, '/connections', second.access_token)).json()).toEqual([]);
  });

  it('that nobody knows is revoked all the same', async () => {
    const xero = await startStopped();
    expect((await post(xero, '/connect/revocation', { token: 'made up' })).status).toBe(200);
  });
});

describe('a custom connection', () => {
  const custom = `Basic ${Buffer.from('demo-custom:demo-secret').toString('base64')}`;

  it('gets a token without a refresh token, and needs no tenant header', async () => {
    const xero = await startStopped();
    const set = await tokensIn(await post(xero, '/connect/token', { grant_type: 'client_credentials' }, custom));
    expect(set).not.toHaveProperty('refresh_token');
    expect((await get(xero, '/api.xro/2.0/Invoices', set.access_token)).status).toBe(200);
    expect(xero.usage(xero.organisations[0]!.tenantId).calls).toBe(1);
    expect(await (await get(xero, '/connections', set.access_token)).json()).toHaveLength(1);
  });

  it('is what client_credentials are for', async () => {
    const xero = await startStopped();
    await expectError(await post(xero, '/connect/token', { grant_type: 'client_credentials' }), 'unauthorized_client');
  });
});

describe('an access token', () => {
  it('ends after half an hour', async () => {
    const xero = await startStopped();
    const { access_token: token } = xero.grant();
    xero.clock.advance(30 * MINUTE_MS - 1);
    expect((await get(xero, '/connections', token)).status).toBe(200);
    xero.clock.advance(1);
    const answer = await get(xero, '/connections', token);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ Title: 'Unauthorized', Detail: 'TokenExpired: token expired at 2026-11-23 12:30:00' }),
    ]);
  });

  it('names its grant, which its connections name too', async () => {
    const xero = await startStopped();
    const { access_token: token } = xero.grant();
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    const id = String(claims['authentication_event_id']);
    expect(await (await get(xero, `/connections?authEventId=${id}`, token)).json()).toHaveLength(2);
    expect(await (await get(xero, '/connections?authEventId=another', token)).json()).toEqual([]);
  });
});

describe('a connection', () => {
  it('can be removed, once, and its organisation is covered no longer', async () => {
    const xero = await startStopped();
    const { access_token: token } = xero.grant();
    const [first, second] = (await (await get(xero, '/connections', token)).json()) as {
      id: string;
      tenantId: string;
    }[];
    const headers = { authorization: `Bearer ${token}` };
    const remove = () => fetch(`${xero.url}/connections/${first!.id}`, { method: 'DELETE', headers });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    const read = async ({ tenantId }: { tenantId: string }): Promise<number> => {
      const answer = await fetch(`${xero.url}/api.xro/2.0/Invoices`, {
        headers: { ...headers, 'xero-tenant-id': tenantId },
      });
      return answer.status;
    };
    expect([await read(first!), await read(second!)]).toEqual([403, 200]);
  });

  it('stays when the user connects another one', async () => {
    const xero = await startStopped();
    const [first, second] = xero.organisations;
    const { access_token: token } = xero.grant({ tenantIds: [first!.tenantId] });
    const [before] = (await (await get(xero, '/connections', token)).json()) as { id: string }[];
    xero.grant({ tenantIds: [second!.tenantId] });
    const after = (await (await get(xero, '/connections', token)).json()) as { id: string }[];
    expect(after).toHaveLength(2);
    expect(after[0]!.id).toBe(before!.id);
  });

  it('is made for an app and a user that are there', async () => {
    const xero = await startStopped();
    expect(() => xero.grant({ clientId: 'nobody' })).toThrow(RangeError);
    expect(() => xero.grant({ userId: 'nobody' })).toThrow(RangeError);
  });
});
