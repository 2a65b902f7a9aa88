import { describe, expect, it } from 'vitest';
import { formatNumber, isMet, tableOfFigures } from './figure.ts';

describe('a figure', () => {
  it('is met up to its target, and neither met nor missed without one', () => {
    expect(isMet({ what: 'a', value: 450, unit: 'B', target: 450 })).toBe(true);
    expect(isMet({ what: 'a', value: 450.1, unit: 'B', target: 450 })).toBe(false);
    expect(isMet({ what: 'a', value: 450, unit: 'B' })).toBeUndefined();
  });

  it('stands in the table beside its target', () => {
    const figures = [
      { what: 'waiting', value: 1422.4, unit: 'B', target: 1600 },
      { what: 'round trips', value: 2.004, unit: 'a job', target: 1 },
      { what: 'retained', value: 1900, unit: 'B' },
    ];
    expect(tableOfFigures(figures).slice(1)).toEqual([
      ['waiting', 'B', '1,422', '≤ 1,600', 'yes'],
      ['round trips', 'a job', '2', '≤ 1', 'NO'],
      ['retained', 'B', '1,900', '', ''],
    ]);
  });
});

describe('a number', () => {
  it('has digits after the point only where it is small', () => {
    expect([1234.5, 99.94, 9.996, 1.234, 0].map(formatNumber)).toEqual(['1,235', '99.9', '10', '1.23', '0']);
  });
});
