import { describe, expect, it } from 'vitest';
import { remember } from './bounded-map.ts';

describe('a memory with a bound', () => {
  it('forgets what was put there the longest ago, and no more than it has to', () => {
    const memory = new Map<string, number>();
    for (const [key, value] of Object.entries({ a: 1, b: 2, c: 3 })) remember(memory, key, value, 3);
    remember(memory, 'a', 4, 3);
    expect([...memory]).toEqual([
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ]);
    remember(memory, 'd', 5, 3);
    expect([...memory.keys()]).toEqual(['c', 'a', 'd']);
  });
});
