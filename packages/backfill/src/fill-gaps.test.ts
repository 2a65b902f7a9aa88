import type { RedisClient } from '@xero-webhooks/runtime';
import { createNoteSequences, readSequences } from '@xero-webhooks/queue';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Backfills } from './backfills.ts';
import { createFillGaps } from './fill-gaps.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Notes requests with one event each, under numbers. */
async function note(client: RedisClient, prefix: string, numbers: readonly number[]): Promise<void> {
  await client.ping();
  await new Promise<void>((resolve) => {
    const sequences = createNoteSequences(client, prefix, () => resolve());
    onTestFinished(sequences.close);
    for (const number of numbers) sequences.note('key', { first: number, last: number });
  });
}

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, index) => from + index);

async function filling(numbers: readonly number[], { afterMs = -1, organisations = ['t-1', 't-2'] } = {}) {
  const [client, prefix] = [testClient(), testPrefix()];
  await note(client, prefix, numbers);
  const begun: { kind: string; since: number; until?: number | undefined; tenantIds: readonly string[] }[] = [];
  const backfills = {
    begin: async (kind, request) => {
      begun.push({ kind, ...request });
      return 'run';
    },
  } as Partial<Backfills> as Backfills;
  const redis = { client, prefix };
  return {
    begun,
    look: createFillGaps({ redis, backfills, afterMs, organisations: async () => organisations, log: silent }),
    note: (more: readonly number[]) => note(client, prefix, more),
    gaps: async () => (await readSequences(client, prefix))[0]!.gaps,
  };
}

describe('gaps in the numbers', () => {
  it('that are old enough have the time around them read once, in all organisations', async () => {
    const { look, begun, gaps } = await filling([...upTo(60), ...upTo(5, 64)]);
    const [gap] = await gaps();
    await look();
    await look();
    expect(begun).toEqual([
      {
        kind: 'gap',
        since: gap!.before - 600_000,
        until: gap!.found,
        tenantIds: ['t-1', 't-2'],
        categories: expect.arrayContaining(['invoice']),
      },
    ]);
    expect(await gaps()).toEqual([]);
  });

  it('wait where they may close, where nothing can be read, and for an hour after the last', async () => {
    const young = await filling([...upTo(60), ...upTo(5, 64)], { afterMs: 60_000 });
    await young.look();
    const nobody = await filling([...upTo(60), ...upTo(5, 64)], { organisations: [] });
    await nobody.look();
    expect([young.begun, nobody.begun]).toEqual([[], []]);
    expect([(await young.gaps()).length, (await nobody.gaps()).length]).toEqual([1, 1]);
    const { look, begun, note: more, gaps } = await filling([...upTo(60), ...upTo(5, 64)]);
    await look();
    await more(upTo(60, 80));
    await look();
    expect([begun.length, (await gaps()).length]).toEqual([1, 1]);
  });

  it('mean nothing where the numbers do not go on, and never cost a call then', async () => {
    const odd = upTo(80).map((number) => (number * 7_919) % 100_003);
    const { look, begun, gaps } = await filling(odd);
    expect((await gaps()).length).toBeGreaterThan(0);
    await look();
    expect([begun, await gaps()]).toEqual([[], []]);
  });

  it('are left alone where GAP_BACKFILL_S is 0', async () => {
    const { look, begun } = await filling([...upTo(60), ...upTo(5, 64)], { afterMs: 0 });
    await look();
    expect(begun).toEqual([]);
  });
});
