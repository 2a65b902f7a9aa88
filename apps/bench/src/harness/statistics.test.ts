import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

describe('the median', () => {
  it('of an odd count is the middle number, in numeric order', () => {
    expect(median([100, 9, 20])).toBe(20);
    expect(median([7])).toBe(7);
  });

  it('of an even count is the mean of the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('leaves the numbers in their order', () => {
    const numbers = [3, 1, 2];
    median(numbers);
    expect(numbers).toEqual([3, 1, 2]);
  });

  it('of no numbers throws', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('is the smallest number that is not below that share of them', () => {
    expect([50, 99, 99.9, 100].map((share) => percentile(hundred, share))).toEqual([50, 99, 100, 100]);
    expect(percentile([...hundred, ...hundred, ...hundred], 99)).toBe(99);
  });

  it('of one number is that number', () => {
    expect(percentile([7], 50)).toBe(7);
  });

  it('of no numbers throws', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});
