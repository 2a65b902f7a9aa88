import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeValue } from './describe-value.ts';

describe('a value in words', () => {
  it.each([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a text', 'no database', 'no database'],
    ['a symbol', Symbol('stop'), 'Symbol(stop)'],
    ['an object', { status: 500 }, '{"status":500}'],
    ['a frozen object', Object.freeze({ status: 500 }), '{"status":500}'],
    ['an object without a prototype', Object.assign(Object.create(null), { status: 500 }), '{"status":500}'],
  ])('shows %s as it is', (_what, value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it.each([
    [
      'whose toJSON throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    ['that throws whatever it is asked', untouchable()],
  ])('says so where it cannot be shown: an object %s', (_what, value) => {
    expect(describeValue(value)).toBe('something that cannot be shown');
  });

  it.each([
    ['an object that contains itself', selfContaining(), '{"self":"[circular]"}'],
    ['a bigint', 12n, '12'],
    ['an object that holds a bigint', { amount: 1n }, '{"amount":"1"}'],
    ['an object whose toJSON returns nothing', { toJSON: () => undefined }, 'undefined'],
    ['a function', function record() {}, '[function record]'],
    ['an array', [1, undefined, 'a'], '[1,null,"a"]'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['what is no number', Number.NaN, 'NaN'],
  ])('says in its own way what %s is', (_what, value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it('is cut where it is long', () => {
    expect(describeValue('x'.repeat(10_000))).toHaveLength(200);
    expect(describeValue({ text: 'x'.repeat(10_000) })).toHaveLength(200);
  });

  it('is always a text', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(describeValue(value)).toBeTypeOf('string');
      }),
    );
  });
});

function selfContaining(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

function untouchable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
