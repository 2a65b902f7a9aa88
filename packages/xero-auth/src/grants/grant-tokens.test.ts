import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TokenSource } from '../tokens/token-source.ts';
import type { GrantSystem } from './grants-for-tests.ts';
import { grantSystem, KEY, MINUTE_MS, never, OTHER_KEY } from './grants-for-tests.ts';

/** Longer than what was learnt of a grant is believed. */
const LOOK_AGAIN_MS = 5_000;

async function tokenOf(source: TokenSource, tenantId: string, rejected?: string): Promise<string> {
  const answer = await source.tokenOf(tenantId, { rejected, signal: never });
  if (answer.outcome === 'none') throw new Error(`${answer.code}: ${answer.reason}`);
  return answer.accessToken;
}

const ids = ({ xero }: GrantSystem): string[] => xero.organisations.map(({ tenantId }) => tenantId);

/** Whether the fake lets an access token in. */
async function works({ xero }: GrantSystem, accessToken: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${xero.url}/connections`, { headers })).status === 200;
}

describe('the access token of a connected organisation', () => {
  it('is the stored one while it lives, for every organisation of the grant', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const source = system.source();
    for (const tenantId of ids(system)) {
      expect(await tokenOf(source, tenantId)).toBe(tokens.accessToken);
      expect(await tokenOf(source, tenantId.toUpperCase())).toBe(tokens.accessToken);
    }
    expect(system.tokenCalls()).toBe(0);
  });

  it('is renewed a minute before it ends, once for all that ask', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const [one, other] = ids(system) as [string, string];
    const source = system.source();
    system.xero.clock.advance(28 * MINUTE_MS);
    expect(await tokenOf(source, one)).toBe(tokens.accessToken);

    system.xero.clock.advance(MINUTE_MS);
    const asked = Array.from({ length: 20 }, (_, index) => tokenOf(source, index % 2 === 0 ? one : other));
    const renewed = new Set(await Promise.all(asked));
    expect(renewed.size).toBe(1);
    expect(renewed).not.toContain(tokens.accessToken);
    expect(system.tokenCalls()).toBe(1);
    expect(await works(system, [...renewed][0]!)).toBe(true);
    expect(await system.client.keys(`${system.prefix}:*:lock`)).toEqual([]);
  });

  it('is renewed when Xero has refused it, once for all sources', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const [one, other] = ids(system) as [string, string];
    const sources = [system.source(), system.source(), system.source()];
    await Promise.all(sources.map((source) => tokenOf(source, one)));
    system.xero.clock.advance(2 * MINUTE_MS);

    const renewed = await Promise.all(
      sources.flatMap((source) => [one, other].map((tenantId) => tokenOf(source, tenantId, tokens.accessToken))),
    );
    expect(new Set(renewed).size).toBe(1);
    expect(renewed).not.toContain(tokens.accessToken);
    expect(system.tokenCalls()).toBe(1);
  });

  it('is the stored one where that is another than the one that was refused', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    expect(await tokenOf(system.source(), ids(system)[0]!, 'an older one')).toBe(tokens.accessToken);
    expect(system.tokenCalls()).toBe(0);
  });

  it('is not renewed again where Xero refuses one that it has just given out', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const [tenantId] = ids(system) as [string];
    const source = system.source();
    system.xero.clock.advance(2 * MINUTE_MS);
    const renewed = await tokenOf(source, tenantId, tokens.accessToken);
    for (const each of [source, system.source()]) {
      expect(await each.tokenOf(tenantId, { rejected: renewed, signal: never })).toMatchObject({
        outcome: 'none',
        code: 'XW_XERO_UNAUTHORISED',
        retryMs: 60_000,
      });
    }
    expect(system.tokenCalls()).toBe(1);
    system.xero.clock.advance(MINUTE_MS);
    expect(await tokenOf(source, tenantId, renewed)).not.toBe(renewed);
    expect(system.tokenCalls()).toBe(2);
  });

  it('is not there for an organisation that nobody has connected', async () => {
    const system = await grantSystem();
    const source = system.source({ boardUrl: 'https://board.example' });
    expect(await source.tokenOf('t-1', { signal: never })).toEqual({
      outcome: 'none',
      code: 'XW_XERO_NOT_CONNECTED',
      reason: 'the organisation is not connected: connect it on https://board.example/connect',
      retryMs: 60_000,
    });
    await system.connect();
    expect(await tokenOf(source, ids(system)[0]!)).toEqual(expect.any(String));
  });
});

describe('a refresh', () => {
  it('is waited for where another process is at it, and its token set is used', async () => {
    const system = await grantSystem();
    const { grantId, tokens } = await system.connect();
    system.xero.clock.advance(30 * MINUTE_MS);
    const release = await system.store.lock(grantId, 30_000);
    const waiting = tokenOf(system.source(), ids(system)[0]!);
    const renewed = { ...tokens, accessToken: 'theirs', expiresAt: system.xero.clock.now() + 30 * MINUTE_MS };
    expect(await system.store.rotation(grantId, [await system.version(grantId)], renewed).store()).toBe(true);
    await release!();
    expect(await waiting).toBe('theirs');
    expect(system.tokenCalls()).toBe(0);
  });

  it('is waited for within bounds, and not at all while the token can still be used', async () => {
    const system = await grantSystem();
    const { grantId, tokens } = await system.connect();
    const [tenantId] = ids(system) as [string];
    await system.store.lock(grantId, 30_000);
    const source = system.source({ waitMs: 200 });
    system.xero.clock.advance(29.5 * MINUTE_MS);
    expect(await tokenOf(source, tenantId)).toBe(tokens.accessToken);
    system.xero.clock.advance(MINUTE_MS);
    expect(await source.tokenOf(tenantId, { signal: never })).toEqual({
      outcome: 'none',
      code: 'XW_XERO_TOKEN_UNAVAILABLE',
      reason: 'another process is renewing the access token',
      retryMs: 2_000,
    });
    expect(system.tokenCalls()).toBe(0);
  });

  it('whose process died in the middle is done again once the lock has ended, with the old refresh token', async () => {
    const system = await grantSystem();
    const { grantId, tokens } = await system.connect();
    system.xero.clock.advance(30 * MINUTE_MS);
    await system.store.lock(grantId, 400);
    await system.identity.refresh(tokens.refreshToken);
    const renewed = await tokenOf(system.source(), ids(system)[0]!);
    expect(await works(system, renewed)).toBe(true);
    expect(system.tokenCalls()).toBe(2);
  });

  it('whose lock has ended does not take away the lock of another process', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    const late = await system.store.lock(grantId, 1);
    await vi.waitUntil(async () => (await system.client.keys(`${system.prefix}:*:lock`)).length === 0);
    await system.store.lock(grantId, 30_000);
    await late!();
    expect(await system.client.keys(`${system.prefix}:*:lock`)).toHaveLength(1);
  });

  it('never overwrites a newer token set', async () => {
    const system = await grantSystem();
    const { grantId, tokens } = await system.connect();
    const first = await system.version(grantId);
    const late = system.store.rotation(grantId, [first], { ...tokens, accessToken: 'late' });
    const early = system.store.rotation(grantId, [first], { ...tokens, accessToken: 'early' });
    expect([await early.store(), await early.store(), await late.store()]).toEqual([true, true, false]);
    expect(await system.store.read(grantId)).toMatchObject({ tokens: { accessToken: 'early' } });
    await system.store.remove(grantId, first);
    expect(await system.version(grantId)).toBe(early.version);
    await system.store.remove(grantId, early.version);
    expect(await late.store()).toBe(false);
    expect(await system.store.read(grantId)).toEqual({ state: 'absent' });
    await system.store.replace(grantId, tokens);
    expect(await late.store()).toBe(false);
  });

  it('uses what the connect page has stored while it was under way', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    system.xero.clock.advance(30 * MINUTE_MS);
    const { identity } = system;
    const source = system.source({
      identity: {
        ...identity,
        async refresh(token) {
          const answer = await identity.refresh(token);
          await system.connect();
          return answer;
        },
      },
    });
    const token = await tokenOf(source, ids(system)[0]!);
    expect(await system.store.read(grantId)).toMatchObject({ tokens: { accessToken: token } });
  });

  it('is stored once Redis takes it again', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    system.xero.clock.advance(30 * MINUTE_MS);
    const client = system.client.duplicate({ enableOfflineQueue: false, retryStrategy: () => null });
    onTestFinished(() => client.disconnect());
    await once(client, 'ready');
    const { identity } = system;
    const source = system.source({
      client,
      identity: {
        ...identity,
        async refresh(token) {
          const answer = await identity.refresh(token);
          client.disconnect();
          // It is back only after the first try to store the answer.
          await once(client, 'end');
          setImmediate(() => void client.connect());
          return answer;
        },
      },
    });
    const token = await tokenOf(source, ids(system)[0]!);
    expect(await system.store.read(grantId)).toMatchObject({ tokens: { accessToken: token } });
    expect(system.tokenCalls()).toBe(1);
  });
});

describe('a grant that Xero does not renew any more', () => {
  async function dead() {
    const system = await grantSystem();
    const connected = await system.connect();
    await system.identity.revoke(connected.tokens.refreshToken);
    system.xero.clock.advance(30 * MINUTE_MS);
    return { system, ...connected };
  }

  it('is declared dead once, with an alert, and every process says how to mend it', async () => {
    const { system } = await dead();
    const sources = [1, 2, 3].map(() => system.source({ boardUrl: 'http://board' }));
    const answers = await Promise.all(
      sources.flatMap((source) => ids(system).map((tenantId) => source.tokenOf(tenantId, { signal: never }))),
    );
    for (const answer of answers) {
      expect(answer).toEqual({
        outcome: 'none',
        code: 'XW_XERO_GRANT_DEAD',
        reason: expect.stringMatching(/invalid_grant\): connect them again on http:\/\/board\/connect$/),
        retryMs: 60_000,
      });
    }
    expect(system.tokenCalls()).toBe(1);
    expect(system.lines).toEqual([
      expect.objectContaining({ level: 'error', alert: 'grant-dead', code: 'XW_XERO_GRANT_DEAD' }),
    ]);
    expect(system.lines[0]!['tenantIds']).toEqual(expect.arrayContaining(ids(system)));
  });

  it('comes back to life when its user connects again, without a restart', async () => {
    const { system, grantId } = await dead();
    const source = system.source();
    const [tenantId] = ids(system) as [string];
    expect(await source.tokenOf(tenantId, { signal: never })).toMatchObject({ code: 'XW_XERO_GRANT_DEAD' });
    const again = await system.connect();
    expect(again.grantId).toBe(grantId);
    system.xero.clock.advance(LOOK_AGAIN_MS);
    expect(await tokenOf(source, tenantId)).toBe(again.tokens.accessToken);
    expect(system.tokenCalls()).toBe(1);
  });

  it('is none where another process has stored a newer token set meanwhile', async () => {
    const { system } = await dead();
    const { identity } = system;
    let newer = '';
    const source = system.source({
      identity: {
        ...identity,
        async refresh(token) {
          newer = (await system.connect()).tokens.accessToken;
          return identity.refresh(token);
        },
      },
    });
    expect(await tokenOf(source, ids(system)[0]!)).toBe(newer);
    expect(system.lines).toEqual([]);
  });
});

describe('where Xero’s identity server', () => {
  it('is down, a token that lives is used, and then there is none for a while', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const [tenantId] = ids(system) as [string];
    const source = system.source();
    system.xero.addFault({ kind: 'status', status: 503, times: 2, on: { path: '/connect/token' } });
    system.xero.clock.advance(29.5 * MINUTE_MS);
    expect(await tokenOf(source, tenantId)).toBe(tokens.accessToken);
    expect(await tokenOf(source, tenantId)).toBe(tokens.accessToken);
    expect(system.tokenCalls()).toBe(1);

    system.xero.clock.advance(MINUTE_MS);
    const none = await source.tokenOf(tenantId, { signal: never });
    expect(none).toEqual({
      outcome: 'none',
      code: 'XW_XERO_TOKEN_UNAVAILABLE',
      reason: expect.stringMatching(/^127\.0\.0\.1:\d+ answers 503$/),
      retryMs: 5_000,
    });
    expect(await source.tokenOf(tenantId, { signal: never })).toEqual(none);
    expect(system.tokenCalls()).toBe(2);
    system.xero.clock.advance(LOOK_AGAIN_MS);
    expect(await tokenOf(source, tenantId)).not.toBe(tokens.accessToken);
  });

  it.each(['reset', 'malformed', 'truncated'] as const)(
    'gives an answer that is %s, the grant is not lost',
    async (kind) => {
      const system = await grantSystem();
      await system.connect();
      const [tenantId] = ids(system) as [string];
      const source = system.source();
      system.xero.clock.advance(30 * MINUTE_MS);
      system.xero.addFault({ kind, on: { path: '/connect/token' } });
      expect(await source.tokenOf(tenantId, { signal: never })).toMatchObject({ code: 'XW_XERO_TOKEN_UNAVAILABLE' });
      system.xero.clock.advance(LOOK_AGAIN_MS);
      expect(await works(system, await tokenOf(source, tenantId))).toBe(true);
    },
  );

  it('does not accept the app, that is an alert, and nobody shows the secret', async () => {
    const system = await grantSystem();
    await system.connect();
    const [tenantId] = ids(system) as [string];
    const source = system.source({ identity: system.identityWith({ clientSecret: 'a-wrong-secret' }) });
    system.xero.clock.advance(30 * MINUTE_MS);
    const answer = await source.tokenOf(tenantId, { signal: never });
    expect(answer).toMatchObject({ outcome: 'none', code: 'XW_XERO_CLIENT_REFUSED', retryMs: 60_000 });
    expect(await source.tokenOf(tenantId, { signal: never })).toEqual(answer);
    expect(system.tokenCalls()).toBe(1);
    expect(system.lines).toEqual([expect.objectContaining({ level: 'error', alert: 'client-refused' })]);
    expect(JSON.stringify([answer, system.lines])).not.toContain('a-wrong-secret');
  });
});

describe('a token set in Redis', () => {
  it('is read under any of the keys, and written under the first', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    const [tenantId] = ids(system) as [string];
    const rotated = system.source({ encryptionKeys: [OTHER_KEY, KEY] });
    expect(await tokenOf(rotated, tenantId)).toBe(tokens.accessToken);
    system.xero.clock.advance(30 * MINUTE_MS);
    const renewed = await tokenOf(rotated, tenantId);
    expect(await tokenOf(system.source({ encryptionKeys: [OTHER_KEY] }), tenantId)).toBe(renewed);
  });

  it('that none of the keys decrypts is told of, and left alone', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    const [tenantId] = ids(system) as [string];
    expect(await system.source({ encryptionKeys: [OTHER_KEY] }).tokenOf(tenantId, { signal: never })).toEqual({
      outcome: 'none',
      code: 'XW_XERO_TOKEN_UNREADABLE',
      reason: expect.stringContaining('TOKEN_ENCRYPTION_KEY'),
      retryMs: 60_000,
    });
    expect(await system.store.read(grantId)).toMatchObject({ state: 'live' });
  });

  it('does not decrypt as another grant’s', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    const key = (id: string): string => `${system.prefix}:{grant-${id}}:set`;
    await system.client.copy(key(grantId), key('another'));
    expect(await system.store.read('another')).toMatchObject({ state: 'unreadable' });
  });

  it('shows no token, nor whose it is', async () => {
    const system = await grantSystem();
    const { tokens } = await system.connect();
    system.xero.clock.advance(30 * MINUTE_MS);
    const renewed = await tokenOf(system.source(), ids(system)[0]!);
    const keys = await system.client.keys(`${system.prefix}:*`);
    const hashes = await Promise.all(keys.map((key) => system.client.hgetall(key)));
    const everything = JSON.stringify([keys, hashes]);
    expect(keys).toHaveLength(2);
    for (const secret of [tokens.accessToken, tokens.refreshToken, renewed, system.xero.users[0]!.userId]) {
      expect(everything).not.toContain(secret);
    }
    for (const part of renewed.split('.')) expect(everything).not.toContain(part);
  });
});

describe('a source of tokens', () => {
  it('answers at once when nobody waits any more, and never throws without Redis', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    const [tenantId] = ids(system) as [string];
    system.xero.clock.advance(30 * MINUTE_MS);
    const release = await system.store.lock(grantId, 30_000);
    onTestFinished(release!);
    const gone = new AbortController();
    const waiting = system.source({ waitMs: 500 }).tokenOf(tenantId, { signal: gone.signal });
    gone.abort();
    expect(await waiting).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE' });

    const client = system.client.duplicate({ maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.disconnect();
    expect(await system.source({ client }).tokenOf(tenantId, { signal: never })).toMatchObject({
      outcome: 'none',
      code: 'XW_XERO_TOKEN_UNAVAILABLE',
    });
  });
});
