import { describe, expect, it } from 'vitest';
import { percentile } from './percentile.ts';

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('is the least number that so many do not exceed', () => {
    expect([50, 99, 99.9, 100].map((share) => percentile(hundred, share))).toEqual([50, 99, 100, 100]);
    expect(percentile([...hundred, ...hundred, ...hundred], 99)).toBe(99);
  });

  it('of one number is that', () => {
    expect(percentile([7], 50)).toBe(7);
  });

  it('of nothing is refused', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});
