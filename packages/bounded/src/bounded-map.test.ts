import { describe, expect, it } from 'vitest';
import { setBounded } from './bounded-map.ts';

describe('a bounded map', () => {
  it('drops the entry that was set the longest ago, and no more than it has to', () => {
    const map = new Map<string, number>();
    for (const [key, value] of Object.entries({ a: 1, b: 2, c: 3 })) setBounded(map, key, value, 3);
    setBounded(map, 'a', 4, 3);
    expect([...map]).toEqual([
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ]);
    setBounded(map, 'd', 5, 3);
    expect([...map.keys()]).toEqual(['c', 'a', 'd']);
  });
});
