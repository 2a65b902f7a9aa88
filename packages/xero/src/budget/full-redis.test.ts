import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeWithRedisBinary, ownRedis } from '@xero-webhooks/testing';
import type { BudgetLimits } from './budget.ts';
import { createBudget } from './budget.ts';

const LIMITS: BudgetLimits = { atOnce: 2, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: 10_000 };

/** A Redis that a budget is kept in, and that has no memory left for more. */
async function fullRedis() {
  const redis = await ownRedis();
  const client = redis.client();
  const budget = createBudget({ client, prefix: 'x', limits: LIMITS });
  await client.config('SET', 'maxmemory', '1');
  return { budget, tenantId: randomUUID() };
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
});
