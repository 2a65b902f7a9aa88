import { describe, expect, it } from 'vitest';
import { formatTable } from './table.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, with figures aligned right', () => {
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

  it('treats bounds and ranges as figures', () => {
    const table = formatTable([
      ['target', 'range'],
      ['≥ 0.65', '1,010–1,200'],
    ]);
    expect(table.split('\n')[1]).toBe('| -----: | ----------: |');
  });

  it('aligns text with figures in it left', () => {
    const table = formatTable([
      ['rounds', 'ms'],
      ['1 worker', '12'],
      ['10 workers', '7'],
    ]);
    expect(table.split('\n').slice(2)).toEqual(['| 1 worker   | 12 |', '| 10 workers |  7 |']);
  });

  it('without rows is empty', () => {
    expect(formatTable([])).toBe('');
  });
});
