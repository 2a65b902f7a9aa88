import { describe, expect, it } from 'vitest';
import { growth } from './key-bytes.ts';

describe('the growth between two looks', () => {
  it('has what came, what grew and what went, and not what stayed as it was', () => {
    const before = new Map([
      ['stays', { keys: 1, bytes: 10 }],
      ['grows', { keys: 1, bytes: 10 }],
      ['goes', { keys: 2, bytes: 20 }],
    ]);
    const after = new Map([
      ['stays', { keys: 1, bytes: 10 }],
      ['grows', { keys: 3, bytes: 40 }],
      ['comes', { keys: 1, bytes: 5 }],
    ]);
    expect(Object.fromEntries(growth(before, after))).toEqual({
      grows: { keys: 2, bytes: 30 },
      goes: { keys: -2, bytes: -20 },
      comes: { keys: 1, bytes: 5 },
    });
  });
});
