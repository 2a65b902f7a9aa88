import { describe, expect, it } from 'vitest';
import { keyKind } from './key-kind.ts';

const TENANT = 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f';
const RESOURCE = '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777';
const EVENT = 'x2yVhx_N-sCTrWvyG5tnJ7yzHCGk';

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
