import { describe, expect, it } from 'vitest';
import { figureOfRounds, formatNumber, isMet, tableOfFigures } from './figure.ts';

describe('a figure', () => {
  it('is met up to its target, and neither met nor missed without one', () => {
    expect(isMet({ what: 'a', value: 450, unit: 'B', target: 450 })).toBe(true);
    expect(isMet({ what: 'a', value: 450.1, unit: 'B', target: 450 })).toBe(false);
    expect(isMet({ what: 'a', value: 450, unit: 'B' })).toBeUndefined();
  });

  it('is met from its lower bound on', () => {
    expect(isMet({ what: 'a', value: 0.65, unit: '×', atLeast: 0.65 })).toBe(true);
    expect(isMet({ what: 'a', value: 0.649, unit: '×', atLeast: 0.65 })).toBe(false);
  });

  it('of several rounds is their median, shown with their range', () => {
    const figures = [
      { ...figureOfRounds('ours / raw', '×', [0.7, 0.5, 0.6]), atLeast: 0.65 },
      { what: 'processes', value: 2, unit: '' },
    ];
    expect(tableOfFigures(figures)).toEqual([
      ['', 'unit', 'measured', 'range', 'target', 'met'],
      ['ours / raw', '×', '0.6', '0.5–0.7', '≥ 0.65', 'NO'],
      ['processes', '', '2', '', '', ''],
    ]);
  });

  it('is shown beside its target', () => {
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
  it('has decimals only if it is small', () => {
    expect([1234.5, 99.94, 9.996, 1.234, 0].map(formatNumber)).toEqual(['1,235', '99.9', '10', '1.23', '0']);
  });
});
