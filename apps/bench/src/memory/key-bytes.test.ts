import { describe, expect, it } from 'vitest';
import { growth, keyKind } from './key-bytes.ts';

const TENANT = 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f';
const RESOURCE = '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777';
const EVENT = 'x2yVhx_N-sCTrWvyG5tnJ7yzHCGk';

describe('the growth between two readings', () => {
  it('has what was added, grew or went, but not what stayed the same', () => {
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

describe('the kind of a key', () => {
  it.each([
    [`xw:xero-events-0:${EVENT}`, 'xw:xero-events-0:<event>'],
    [`xw:{${TENANT}}:e:${EVENT}`, 'xw:{organisation}:e:<event>'],
    [`xw:{${TENANT}}:newest:${RESOURCE}`, 'xw:{organisation}:newest:<resource>'],
    ['xw:xero-events-0:wait', 'xw:xero-events-0:wait'],
    ['xw:shards', 'xw:shards'],
  ])('of %s is %s', (key, kind) => {
    expect(keyKind(key)).toBe(kind);
  });
});
