import { describe, expect, it } from 'vitest';
import { formatTable } from './table.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, with figures at the right', () => {
    const table = formatTable([
      ['what', 'bytes', 'target', 'met'],
      ['waiting', '1,422', '≤ 1,600', 'yes'],
      ['a dead letter', '980', '', ''],
    ]);
    expect(table).toBe(
      [
        '| what          | bytes |  target | met |',
        '| ------------- | ----: | ------: | --- |',
        '| waiting       | 1,422 | ≤ 1,600 | yes |',
        '| a dead letter |   980 |         |     |',
      ].join('\n'),
    );
  });

  it('takes bounds and ranges for figures', () => {
    const table = formatTable([
      ['target', 'least–most'],
      ['≥ 0.65', '1,010–1,200'],
    ]);
    expect(table.split('\n')[1]).toBe('| -----: | ----------: |');
  });

  it('has words with figures in them at the left', () => {
    const table = formatTable([
      ['rounds', 'ms'],
      ['1 worker', '12'],
      ['10 workers', '7'],
    ]);
    expect(table.split('\n').slice(2)).toEqual(['| 1 worker   | 12 |', '| 10 workers |  7 |']);
  });

  it('of nothing is nothing', () => {
    expect(formatTable([])).toBe('');
  });
});
