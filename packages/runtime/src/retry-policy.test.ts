import { describe, expect, it } from 'vitest';
import { backoffMs } from './retry-policy.ts';

const POLICY = { attempts: 100, baseMs: 1_000, maxMs: 900_000 };

describe('the wait after a failure', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [10, 512_000],
    [11, 900_000],
    [99, 900_000],
  ])('doubles with each failure, up to the longest: %i failures', (failures, ms) => {
    expect(backoffMs(POLICY, failures, 0)).toBe(ms);
  });

  it('is up to a fifth shorter, by chance', () => {
    expect(backoffMs(POLICY, 1, 0.5)).toBe(900);
    expect(backoffMs(POLICY, 1, 1)).toBe(800);
  });

  it('adds up to about a day, as long as Xero would keep trying', () => {
    const waits = Array.from({ length: POLICY.attempts - 1 }, (_, index) => backoffMs(POLICY, index + 1, 0.5));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeCloseTo(20.3, 1);
  });
});
