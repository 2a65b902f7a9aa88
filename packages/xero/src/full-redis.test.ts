import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ownRedis } from '../../../test/support/own-redis.ts';
import { describeWithRedisBinary } from '../../../test/support/redis.ts';
import type { BudgetLimits } from './budget/budget.ts';
import { createBudget } from './budget/budget.ts';
import { KEY } from './grants/grants-for-tests.ts';
import { createGrantStore } from './grants/grant-store.ts';

const LIMITS: BudgetLimits = { atOnce: 2, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: 10_000 };

/** A Redis that a budget and a grant are kept in, and that has no memory left for more. */
async function fullRedis() {
  const redis = await ownRedis();
  const client = redis.client();
  const budget = createBudget({ client, prefix: 'x', limits: LIMITS });
  const store = createGrantStore({ client, prefix: 'x', encryptionKeys: [KEY], now: Date.now });
  await store.replace('grant', { accessToken: 'a', refreshToken: 'r', issuedAt: 0, expiresAt: 0 });
  await client.config('SET', 'maxmemory', '1');
  return { client, budget, store, tenantId: randomUUID() };
}

describeWithRedisBinary('a full Redis', () => {
  it('lets calls to Xero go, which is how its events are drained', async () => {
    const { budget, tenantId } = await fullRedis();
    for (let made = 0; made < 5; made++) {
      const permit = await budget.acquire(tenantId);
      expect(permit).toMatchObject({ granted: true });
      if (permit.granted) await permit.release({ end: 'over', bytes: 0, left: {} });
    }
  });

  it('gives those who wait their times', async () => {
    const { budget, tenantId } = await fullRedis();
    const pace = { groupSize: 1, intervalMs: 1_000, spreadMs: 0 };
    await budget.wakeTimes(tenantId, 'many', 3, 10_000, pace);
    const [next] = await budget.wakeTimes(tenantId, 'many', 1, 10_000, pace);
    expect(Math.ceil(next! / 1_000)).toBe(13);
  });

  it('lets grants be renewed, one process at a time, and declared dead', async () => {
    const { store } = await fullRedis();
    const release = await store.lock('grant', 10_000);
    expect(release).toBeTypeOf('function');
    expect(await store.lock('grant', 10_000)).toBe(undefined);
    await release!();
    expect(await store.lock('grant', 10_000)).toBeTypeOf('function');
    const grant = await store.read('grant');
    expect(grant.state === 'live' && (await store.declareDead('grant', grant.version, 'invalid_grant'))).toBe(true);
  });
});
