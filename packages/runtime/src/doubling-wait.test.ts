import { describe, expect, it } from 'vitest';
import { doublingWait } from './doubling-wait.ts';

describe('a doubling wait', () => {
  it('doubles from the first to the longest', () => {
    const waits = [0, 1, 2, 3, 4].map((tries) => doublingWait({ first: 100, max: 500 }, tries));
    expect(waits).toEqual([100, 200, 400, 500, 500]);
  });

  it('stays at the longest however many tries there were', () => {
    expect(doublingWait({ first: 100, max: 500 }, 1_000_000)).toBe(500);
  });
});
