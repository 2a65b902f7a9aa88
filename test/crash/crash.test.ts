import { expect, it } from 'vitest';
import { describeWithRedisBinary } from '@xero-webhooks/testing';
import { runCrash } from './run-crash.ts';

const given = Number(process.env['CRASH_SEED']);
const first = given || Math.floor(Math.random() * 1_000_000);
const runs = Number(process.env['CRASH_RUNS'] ?? 1);
const events = Number(process.env['CRASH_EVENTS'] ?? 5_000);

describeWithRedisBinary('while workers, ingress and Redis are killed at random', () => {
  it.each(Array.from({ length: runs }, (_, run) => first + run))(
    'every acknowledged event is handled, with each effect once and nothing left behind (CRASH_SEED=%i)',
    async (seed) => {
      const { table, ...result } = await runCrash(seed, { events });
      process.stdout.write(`\n${table}\n`);
      expect(result).toEqual({
        seed,
        missing: [],
        unexplained: [],
        residue: [],
        left: { waiting: 0, active: 0, delayed: 0, failed: 0 },
        contradictions: [],
        faults: [],
      });
    },
    240_000,
  );
});
