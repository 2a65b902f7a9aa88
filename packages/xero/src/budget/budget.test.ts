import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import type { Budget, BudgetLimits, CallUsage, Permit } from './budget.ts';
import { createBudget, UNSENT } from './budget.ts';
import { readApiUsage } from './usage.ts';

const LIMITS: BudgetLimits = { atOnce: 5, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: 10_000 };

const done: CallUsage = { end: 'over', bytes: 100, left: {} };

/** Several processes' budgets over one Redis. */
function budgets(limits: Partial<BudgetLimits> = {}, count = 1) {
  const prefix = testPrefix();
  const clients = Array.from({ length: count }, () => testClient());
  const all = clients.map((client) => createBudget({ client, prefix, limits: { ...LIMITS, ...limits } }));
  return { prefix, client: clients[0]!, all, budget: all[0]!, tenantId: randomUUID() };
}

async function take(budget: Budget, tenantId: string): Promise<Permit> {
  const permit = await budget.acquire(tenantId);
  if (!permit.granted) throw new Error(`refused: ${permit.limit}, ${permit.waitMs} ms`);
  return permit;
}

/** Makes so many calls, one after another. */
async function call(budget: Budget, tenantId: string, count: number, use: CallUsage = done): Promise<void> {
  for (let made = 0; made < count; made++) await (await take(budget, tenantId)).release(use);
}

/** Lets all that is remembered of an organisation be older by some time, as if that had passed. */
async function pass({ client, prefix, tenantId }: ReturnType<typeof budgets>, ms: number): Promise<void> {
  const root = `${prefix}:{${tenantId}}:xero`;
  for (const key of [`${root}:calls`, `${root}:busy`]) {
    const flat = await client.zrangebyscore(key, '-inf', '+inf', 'WITHSCORES');
    for (let at = 0; at < flat.length; at += 2)
      await client.zadd(key, String(Number(flat[at + 1]) - ms), String(flat[at]));
  }
  for (const field of ['leftUntil', 'dayLeftUntil', 'blockedUntil', 'probeUntil']) {
    const until = await client.hget(`${root}:limits`, field);
    if (until !== null) await client.hset(`${root}:limits`, field, String(Number(until) - ms));
  }
}

/** A call that Xero has failed again and again. */
const failed = (target: string, more: Partial<CallUsage['refused']> = {}): CallUsage => ({
  ...done,
  target,
  refused: { limit: 'outage', retryAfterMs: undefined, ...more },
});

/** How long an organisation is left alone because Xero fails. */
const secondsAlone = async ({ budget, tenantId }: ReturnType<typeof budgets>): Promise<number> => {
  const refusal = await budget.acquire(tenantId);
  return 'waitMs' in refusal && refusal.limit === 'outage' ? Math.ceil(refusal.waitMs / 1_000) : 0;
};

describe('the budget of an organisation', () => {
  it('lets as many calls go at once as it may, over all processes', async () => {
    const { all, tenantId } = budgets({ atOnce: 3 }, 4);
    const asked = await Promise.all(all.flatMap((budget) => [budget.acquire(tenantId), budget.acquire(tenantId)]));
    const granted = asked.filter((one) => one.granted);
    expect(granted).toHaveLength(3);
    for (const one of asked) if (!one.granted) expect(one.limit).toBe('concurrency');

    await granted[0]!.release(done);
    expect(await all[3]!.acquire(tenantId)).toMatchObject({ granted: true });
    expect(await all[3]!.acquire(tenantId)).toMatchObject({ granted: false, limit: 'concurrency' });
  });

  it('frees the calls of a process that died with them', async () => {
    const world = budgets({ atOnce: 1 });
    await take(world.budget, world.tenantId);
    await pass(world, 29_000);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false });
    await pass(world, 1_001);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
  });

  it('lets no more calls go in any minute than it may, and says how long to wait', async () => {
    const world = budgets({ perMinute: 4 });
    await call(world.budget, world.tenantId, 2);
    await pass(world, 30_000);
    await call(world.budget, world.tenantId, 2);
    const refusal = await world.budget.acquire(world.tenantId);
    expect(refusal).toMatchObject({ granted: false, limit: 'minute' });
    expect('waitMs' in refusal && refusal.waitMs).toBeGreaterThan(20_000);
    expect('waitMs' in refusal && refusal.waitMs).toBeLessThanOrEqual(30_000);

    await pass(world, 30_001);
    await call(world.budget, world.tenantId, 2);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'minute' });
  });

  it('counts a call until a minute after it has ended, however long it took', async () => {
    const world = budgets({ perMinute: 1 });
    const permit = await take(world.budget, world.tenantId);
    await pass(world, 15_000);
    await permit.release(done);
    await pass(world, 59_000);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'minute' });
    await pass(world, 1_001);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
  });

  it('does not count what was never sent', async () => {
    const { budget, tenantId } = budgets({ perMinute: 1, perDay: 1 });
    await (await take(budget, tenantId)).release({ ...done, end: 'unsent' });
    await call(budget, tenantId, 1);
  });

  it('lets no more calls go in a day than it may, less what is left to others', async () => {
    const { budget, tenantId } = budgets({ perDay: 5, dayReserve: 2 });
    await call(budget, tenantId, 3);
    const refusal = await budget.acquire(tenantId);
    expect(refusal).toMatchObject({ granted: false, limit: 'day' });
    expect('waitMs' in refusal && refusal.waitMs).toBeLessThanOrEqual(86_400_000);
  });

  it('leaves to others what Xero says is left of the day', async () => {
    const { budget, tenantId } = budgets({ dayReserve: 100 });
    await call(budget, tenantId, 1, { ...done, left: { day: 102 } });
    await call(budget, tenantId, 1, { ...done, left: { day: 101 } });
    await call(budget, tenantId, 1, { ...done, left: { day: 100 } });
    expect(await budget.acquire(tenantId)).toMatchObject({ granted: false, limit: 'day' });
  });

  it('asks Xero again after an hour at most, whose day may have begun anew', async () => {
    const world = budgets();
    await call(world.budget, world.tenantId, 1, { ...done, left: { day: 0 } });
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'day' });
    await pass(world, 3_600_001);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
  });

  it('keeps to its own limit of the day, whatever Xero says is left', async () => {
    const { budget, tenantId } = budgets({ perDay: 4 });
    await call(budget, tenantId, 2, { ...done, left: { day: 10 } });
    await call(budget, tenantId, 2, { ...done, left: { day: 4_999 } });
    expect(await budget.acquire(tenantId)).toMatchObject({ granted: false, limit: 'day' });
  });

  it('does not believe an answer that was overtaken, where it says that more is left', async () => {
    const { budget, tenantId } = budgets();
    const slow = await take(budget, tenantId);
    await call(budget, tenantId, 1, { ...done, left: { day: 1 } });
    await slow.release({ ...done, left: { day: 5_000 } });
    // One was still under way when Xero said so.
    expect(await budget.acquire(tenantId)).toMatchObject({ granted: false, limit: 'day' });
  });

  it('gives back all of what was never sent', async () => {
    const { budget, tenantId } = budgets();
    await call(budget, tenantId, 1, { ...done, left: { minute: 1, day: 1 } });
    for (let given = 0; given < 5; given++) await (await take(budget, tenantId)).release(UNSENT);
    await call(budget, tenantId, 1);
    expect(await budget.acquire(tenantId)).toMatchObject({ granted: false });
  });

  it('takes a call that was given up for one that Xero is still at work on, until its lease is over', async () => {
    const world = budgets({ atOnce: 1 });
    await call(world.budget, world.tenantId, 1, { ...done, end: 'unknown' });
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'concurrency' });
    await pass(world, 30_001);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
  });

  it('tells of the longest of all waits', async () => {
    const { budget, tenantId } = budgets({ perMinute: 1 });
    await call(budget, tenantId, 1, { ...done, refused: { limit: 'concurrency', retryAfterMs: 1_000 } });
    const refusal = await budget.acquire(tenantId);
    expect(refusal).toMatchObject({ granted: false, limit: 'minute' });
    expect('waitMs' in refusal && refusal.waitMs).toBeGreaterThan(50_000);
  });

  it('lets no more calls go than Xero says are left of the minute', async () => {
    const world = budgets();
    await call(world.budget, world.tenantId, 1, { ...done, left: { minute: 2 } });
    const [first, second] = [await take(world.budget, world.tenantId), await take(world.budget, world.tenantId)];
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'minute' });
    // What others have left is known anew; the second may not be counted in it yet.
    await first.release({ ...done, left: { minute: 2 } });
    const third = await take(world.budget, world.tenantId);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit: 'minute' });
    await Promise.all([second, third].map((permit) => permit.release(done)));
    await pass(world, 60_001);
    expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
  });

  it.each(['minute', 'day', 'concurrency'] as const)(
    'lets no call go as long as Xero asks because of the limit of the %s',
    async (limit) => {
      const world = budgets();
      await call(world.budget, world.tenantId, 1, { ...done, refused: { limit, retryAfterMs: 66_975_000 } });
      expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit });
      await pass(world, 66_970_000);
      expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: false, limit });
      await pass(world, 5_001);
      expect(await world.budget.acquire(world.tenantId)).toMatchObject({ granted: true });
    },
  );

  it.each([
    ['minute', 5_000, 60_000],
    ['day', 5_000, 3_600_000],
    ['concurrency', 0, 1_000],
  ] as const)('waits by itself where Xero does not say how long, for the %s', async (limit, least, most) => {
    const { budget, tenantId } = budgets();
    await call(budget, tenantId, 1, { ...done, refused: { limit, retryAfterMs: undefined } });
    const refusal = await budget.acquire(tenantId);
    expect(refusal).toMatchObject({ granted: false, limit });
    expect('waitMs' in refusal && refusal.waitMs).toBeGreaterThanOrEqual(least - 1_000);
    expect('waitMs' in refusal && refusal.waitMs).toBeLessThanOrEqual(most);
  });

  it('leaves Xero alone where different calls fail, longer each time until it answers', async () => {
    const world = budgets();
    // One thing that fails again and again may be at fault itself.
    await call(world.budget, world.tenantId, 3, failed('one'));
    for (const [place, seconds] of [3, 6, 12, 24, 48, 96, 192, 300, 300].entries()) {
      await call(world.budget, world.tenantId, 1, failed(`another ${place}`));
      const refusal = await world.budget.acquire(world.tenantId);
      expect(refusal).toMatchObject({ granted: false, limit: 'outage' });
      expect('waitMs' in refusal && Math.ceil(refusal.waitMs / 1_000)).toBe(seconds);
      await pass(world, 300_000);
      // A first try that fails says nothing yet.
      await call(world.budget, world.tenantId, 1, done);
    }
    await call(world.budget, world.tenantId, 1, { ...done, answered: true });
    await call(world.budget, world.tenantId, 1, failed('one'));
    await call(world.budget, world.tenantId, 1, failed('two'));
    const refusal = await world.budget.acquire(world.tenantId);
    expect('waitMs' in refusal && Math.ceil(refusal.waitMs / 1_000)).toBe(3);
  });

  it('leaves Xero alone at once where a call has taken too long', async () => {
    const world = budgets();
    await call(world.budget, world.tenantId, 1, { ...failed('one', { hung: true }), end: 'unknown' });
    expect(await secondsAlone(world)).toBe(3);
  });

  it('takes several that fail together for one outage', async () => {
    const world = budgets();
    const permits = [1, 2, 3, 4].map(() => take(world.budget, world.tenantId));
    for (const [place, permit] of permits.entries()) await (await permit).release(failed(`target ${place}`));
    expect(await secondsAlone(world)).toBe(3);
  });

  it('leaves Xero alone for as long as it says, where that is longer', async () => {
    const world = budgets();
    // What one thing is answered with is no concern of the others.
    await call(world.budget, world.tenantId, 2, failed('one', { retryAfterMs: 120_000 }));
    await call(world.budget, world.tenantId, 1, failed('two', { retryAfterMs: 120_000 }));
    expect(await secondsAlone(world)).toBe(120);
    await pass(world, 120_001);
    await call(world.budget, world.tenantId, 1, failed('three', { retryAfterMs: 1_000 }));
    expect(await secondsAlone(world)).toBe(6);
  });

  it('has one call find out whether Xero works again, while the others wait', async () => {
    const world = budgets();
    expect(await take(world.budget, world.tenantId)).toMatchObject({ probe: false });
    await call(world.budget, world.tenantId, 1, failed('one', { hung: true }));
    await pass(world, 3_001);
    const dead = await take(world.budget, world.tenantId);
    expect(dead).toMatchObject({ probe: true });
    expect(await secondsAlone(world)).toBe(16);
    // Its process has died.
    await pass(world, 16_001);
    const unsent = await take(world.budget, world.tenantId);
    expect(unsent).toMatchObject({ probe: true });
    await unsent.release(UNSENT);
    const probe = await take(world.budget, world.tenantId);
    expect(probe).toMatchObject({ probe: true });
    await probe.release({ ...done, answered: true });
    expect(await take(world.budget, world.tenantId)).toMatchObject({ probe: false });
  });

  it('is of no concern to other organisations', async () => {
    const { budget, tenantId } = budgets({ perMinute: 1 });
    await call(budget, tenantId, 1, { ...done, refused: { limit: 'day', retryAfterMs: 60_000 } });
    await call(budget, randomUUID(), 1);
  });

  it('is one, however the organisation’s id is written', async () => {
    const { budget, tenantId } = budgets({ perMinute: 1 });
    await call(budget, tenantId.toUpperCase(), 1);
    expect(await budget.acquire(tenantId)).toMatchObject({ granted: false });
  });

  it('refuses for a moment where Redis does not answer', async () => {
    const { client, budget, tenantId } = budgets();
    client.disconnect();
    expect(await budget.acquire(tenantId)).toEqual({ granted: false, limit: 'redis', waitMs: 500 });
  });

  it('gives a call back that the budget of the app could not be asked for', async () => {
    const { client, prefix, budget, tenantId } = budgets({ atOnce: 1, perMinute: 1, perDay: 1 });
    // Something that is no hash has every look at the app's seconds fail.
    await client.set(`${prefix}:xero:app`, 'no hash');
    for (let asked = 0; asked < 3; asked++)
      expect(await budget.acquire(tenantId)).toEqual({ granted: false, limit: 'redis', waitMs: 500 });
    await client.del(`${prefix}:xero:app`);
    await call(budget, tenantId, 1);
  });

  it('leaves nothing in Redis for ever', async () => {
    const world = budgets();
    await call(world.budget, world.tenantId, 2, { end: 'over', bytes: 1, left: { minute: 5, day: 5, appMinute: 5 } });
    await take(world.budget, world.tenantId);
    await world.budget.wakeTimes(world.tenantId, 'many', 10, 1_000, { groupSize: 1, intervalMs: 1_000, spreadMs: 0 });
    const keys = await world.client.keys(`${world.prefix}:*`);
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys)
      expect([key, await world.client.pttl(key)]).toEqual([key, expect.toSatisfy((ms) => ms > 0)]);
  });
});

describe('the budget of the app', () => {
  it('is shared by all organisations', async () => {
    const { budget } = budgets({ appPerMinute: 3 });
    for (let organisation = 0; organisation < 3; organisation++) await call(budget, randomUUID(), 1);
    const last = randomUUID();
    const refusal = await budget.acquire(last);
    expect(refusal).toMatchObject({ granted: false, limit: 'app-minute' });
    expect('waitMs' in refusal && refusal.waitMs).toBeGreaterThan(50_000);
  });

  it('learns of what others have taken', async () => {
    const { budget } = budgets({ appPerMinute: 100 });
    await call(budget, randomUUID(), 1, { ...done, left: { appMinute: 1 } });
    await call(budget, randomUUID(), 1);
    expect(await budget.acquire(randomUUID())).toMatchObject({ granted: false, limit: 'app-minute' });
  });

  it('lets no call of any organisation go as long as Xero asks', async () => {
    const { budget, tenantId } = budgets();
    await call(budget, tenantId, 1, { ...done, refused: { limit: 'app-minute', retryAfterMs: 30_000 } });
    const refusal = await budget.acquire(randomUUID());
    expect(refusal).toMatchObject({ granted: false, limit: 'app-minute' });
    expect('waitMs' in refusal && refusal.waitMs).toBeGreaterThan(25_000);
  });
});

describe('those who wait for a budget', () => {
  const pace = { groupSize: 2, intervalMs: 1_000, spreadMs: 0 };
  const rounded = (times: number[]): number[] => times.map((ms) => Math.round(ms / 100) / 10);

  it('come back in groups, one after another, whichever process they wait in', async () => {
    const { all, tenantId } = budgets({}, 2);
    expect(rounded(await all[0]!.wakeTimes(tenantId, 'many', 3, 10_000, pace))).toEqual([10, 10, 11]);
    expect(rounded(await all[1]!.wakeTimes(tenantId, 'many', 3, 10_000, pace))).toEqual([11, 12, 12]);
  });

  it('come back one after another within a group, where that is asked for', async () => {
    const { budget, tenantId } = budgets();
    const times = await budget.wakeTimes(tenantId, 'many', 4, 10_000, { ...pace, spreadMs: 300 });
    expect(rounded(times)).toEqual([10, 10.3, 11, 11.3]);
  });

  it('do not wait for those of another line or organisation', async () => {
    const { budget, tenantId } = budgets();
    await budget.wakeTimes(tenantId, 'many', 10, 10_000, pace);
    expect(rounded(await budget.wakeTimes(tenantId, 'one', 1, 10_000, pace))).toEqual([10]);
    expect(rounded(await budget.wakeTimes(randomUUID(), 'many', 1, 10_000, pace))).toEqual([10]);
  });

  it('begin a line anew where they need not wait for as long as those before', async () => {
    const { budget, tenantId } = budgets();
    await budget.wakeTimes(tenantId, 'many', 10, 3_600_000, pace);
    expect(rounded(await budget.wakeTimes(tenantId, 'many', 1, 1_000, pace))).toEqual([1]);
  });

  it('are spread also where Redis does not answer', async () => {
    const { client, budget, tenantId } = budgets();
    client.disconnect();
    expect(await budget.wakeTimes(tenantId, 'many', 3, 500, pace)).toEqual([500, 500, 1_500]);
  });
});

describe('the use of Xero', () => {
  it('is counted for each organisation and day', async () => {
    const { client, prefix, budget, tenantId } = budgets();
    const other = randomUUID();
    await call(budget, tenantId, 1, { end: 'over', bytes: 1_000, left: { day: 4_999 } });
    await call(budget, tenantId.toUpperCase(), 1, { end: 'over', bytes: 500, left: { day: 4_998 } });
    await call(budget, other, 1, { end: 'over', bytes: 0, left: {} });
    await (await take(budget, other)).release({ end: 'unsent', bytes: 0, left: {} });
    expect(await readApiUsage(client, prefix, new Date())).toEqual([
      { tenantId, calls: 2, bytes: 1_500, left: 4_998 },
      { tenantId: other, calls: 1, bytes: 0, left: undefined },
    ]);
    expect(await readApiUsage(client, prefix, new Date(0))).toEqual([]);
  });
});
