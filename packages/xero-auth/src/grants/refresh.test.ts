import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Identity } from '../identity/identity.ts';
import type { GrantStore } from './grant-store.ts';
import type { GrantSystem } from './grants-for-tests.ts';
import { grantSystem, MINUTE_MS } from './grants-for-tests.ts';
import type { Refreshed } from './refresh.ts';
import { createRefresh } from './refresh.ts';

/** A process whose Redis goes away, for as long as a test likes, as soon as Xero has renewed a token set. */
async function renewedWithoutRedis() {
  const system = await grantSystem();
  const { grantId } = await system.connect();
  const redis = { isAway: false };
  const identity: Identity = {
    ...system.identity,
    async refresh(token) {
      const answer = await system.identity.refresh(token);
      if (system.tokenCalls() === 1) redis.isAway = true;
      return answer;
    },
  };
  const refresh = createRefresh({
    ...wordsOf(system),
    store: withFaults(system.store, redis),
    identity,
    storePatienceMs: 0,
  });
  onTestFinished(refresh.close);
  system.xero.clock.advance(31 * MINUTE_MS);
  const renewed = tokenIn(await refresh.of(grantId, undefined));
  return { system, grantId, redis, refresh, renewed };
}

const wordsOf = (system: GrantSystem) => ({
  identity: system.identity,
  log: system.log,
  now: system.xero.clock.now,
  tenantsOf: async () => [],
  remedy: 'connect again',
});

function withFaults(store: GrantStore, redis: { isAway: boolean }): GrantStore {
  const orFail = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (redis.isAway) throw new Error('ECONNREFUSED');
    return run();
  };
  return {
    ...store,
    read: (grantId) => orFail(() => store.read(grantId)),
    lock: (grantId, ms) => orFail(() => store.lock(grantId, ms)),
    rotation(...words) {
      const rotation = store.rotation(...words);
      return { ...rotation, store: () => orFail(rotation.store) };
    },
  };
}

function tokenIn(refreshed: Refreshed): string {
  if (refreshed.outcome !== 'fresh') throw new Error(`it is ${refreshed.outcome}`);
  return refreshed.tokens.accessToken;
}

const storedToken = async ({ store }: GrantSystem, grantId: string): Promise<string | undefined> => {
  const grant = await store.read(grantId);
  return grant.state === 'live' ? grant.tokens.accessToken : undefined;
};

describe('a renewed token set that Redis does not take', () => {
  it('is used, and renewed, for as long as Redis is away', async () => {
    const { system, grantId, refresh, renewed } = await renewedWithoutRedis();
    expect(tokenIn(await refresh.of(grantId, undefined))).toBe(renewed);
    expect(system.tokenCalls()).toBe(1);
    const seen = new Set([renewed]);
    for (let times = 0; times < 3; times++) {
      // Each time the grace of all refresh tokens before it ends.
      system.xero.clock.advance(31 * MINUTE_MS);
      seen.add(tokenIn(await refresh.of(grantId, undefined)));
    }
    expect(seen.size).toBe(4);
    expect(system.lines).toEqual([
      expect.objectContaining({ level: 'error', alert: 'grant-unstored', grant: grantId }),
    ]);
    expect(JSON.stringify(system.lines)).not.toContain(renewed);
  });

  it('is stored by itself once Redis is back', async () => {
    const { system, grantId, redis, renewed } = await renewedWithoutRedis();
    redis.isAway = false;
    await vi.waitUntil(async () => (await storedToken(system, grantId)) === renewed, { timeout: 10_000 });
  });

  it('is stored in place of the one that it was made from, however often it was renewed meanwhile', async () => {
    const { system, grantId, redis, refresh } = await renewedWithoutRedis();
    system.xero.clock.advance(31 * MINUTE_MS);
    const newest = tokenIn(await refresh.of(grantId, undefined));
    redis.isAway = false;
    expect(tokenIn(await refresh.of(grantId, undefined))).toBe(newest);
    expect(await storedToken(system, grantId)).toBe(newest);
  });

  it('brings the grant back to life that another process has declared dead', async () => {
    const { system, grantId, redis, refresh, renewed } = await renewedWithoutRedis();
    system.xero.clock.advance(31 * MINUTE_MS);
    const other = createRefresh({ ...wordsOf(system), store: system.store });
    expect(await other.of(grantId, undefined)).toMatchObject({ outcome: 'dead' });
    redis.isAway = false;
    const mended = tokenIn(await refresh.of(grantId, undefined));
    expect(mended).not.toBe(renewed);
    expect(tokenIn(await other.of(grantId, undefined))).toBe(mended);
  });

  it('never overwrites what was connected meanwhile', async () => {
    const { system, grantId, redis, refresh } = await renewedWithoutRedis();
    await system.store.remove(grantId, await system.version(grantId));
    const { tokens } = await system.connect();
    redis.isAway = false;
    expect(tokenIn(await refresh.of(grantId, undefined))).toBe(tokens.accessToken);
    expect(await storedToken(system, grantId)).toBe(tokens.accessToken);
  });

  it('is given up where Xero does not renew it any more', async () => {
    const { system, grantId, redis, refresh } = await renewedWithoutRedis();
    const { tokens } = await system.connect();
    await system.identity.revoke(tokens.refreshToken);
    redis.isAway = false;
    expect(tokenIn(await refresh.of(grantId, undefined))).toBe(tokens.accessToken);
  });

  it('is stored at the end where Redis takes it by then, and else the log says that it is lost', async () => {
    const stored = await renewedWithoutRedis();
    stored.redis.isAway = false;
    await stored.refresh.close();
    expect(await storedToken(stored.system, stored.grantId)).toBe(stored.renewed);

    const lost = await renewedWithoutRedis();
    await lost.refresh.close();
    expect(lost.system.lines.at(-1)).toMatchObject({
      level: 'error',
      alert: 'grant-unstored',
      msg: expect.stringContaining('is lost'),
    });
  });
});
