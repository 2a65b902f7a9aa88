import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedValue } from './value.ts';

const MAX = 16_000;

const throwing = {
  fine: 1,
  get bad() {
    throw new Error('no');
  },
};

const shownThrowing = { fine: 1, bad: 'something that cannot be shown' };

class Money {
  readonly #amount = 5;
  readonly currency = 'NZD';

  toJSON(): unknown {
    return { amount: this.#amount, currency: this.currency };
  }
}

function deep(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

describe('a value as plain data', () => {
  it.each<[string, unknown, unknown]>([
    ['plain data', { a: [1, 'b', null, true] }, { a: [1, 'b', null, true] }],
    ['a getter that throws', throwing, { fine: 1, bad: 'something that cannot be shown' }],
    ['what knows its own JSON', { price: new Money() }, { price: { amount: 5, currency: 'NZD' } }],
    ['a map and a set', { map: new Map([['a', 1]]), set: new Set([2]) }, { map: [['a', 1]], set: [2] }],
    ['bytes', { bytes: Buffer.alloc(1_000) }, { bytes: '[1000 bytes]' }],
    ['an expression', /a+/g, '/a+/g'],
    ['a date that is none', new Date(Number.NaN), null],
    ['the same object twice', [throwing, throwing], [shownThrowing, shownThrowing]],
    ['a field named __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
    [
      'an error',
      { error: new TypeError('no') },
      { error: expect.objectContaining({ type: 'TypeError', message: 'no' }) },
    ],
    ['a promise', Promise.resolve(), '[promise]'],
    [
      'secrets of a client',
      { headers: { Authorization: 'Bearer abc', cookie: 'sid=1' }, client_secret: 's', refresh_token: 't', tokens: 2 },
      {
        headers: { Authorization: '[secret]', cookie: '[secret]' },
        client_secret: '[secret]',
        refresh_token: '[secret]',
        tokens: 2,
      },
    ],
  ])('shows %s', (_what, value, expected) => {
    expect(boundedValue(value, MAX)).toEqual(expected);
  });

  it('leaves an access token out of any text', () => {
    const token = `eyJ${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(40)}`;
    expect(boundedValue({ note: `GET with Bearer ${token}, refused`, other: token }, MAX)).toEqual({
      note: 'GET with Bearer [token], refused',
      other: '[token]',
    });
  });

  it.each<[string, () => unknown]>([
    ['a text of 50 MB', () => 'x'.repeat(50_000_000)],
    ['a text in an object', () => new Object('x'.repeat(50_000_000))],
    ['an array of 20 million', () => Array(20_000_000).fill('x'.repeat(100))],
    ['an array with holes', () => Array(4_000_000_000)],
    ['100,000 levels', () => deep(100_000)],
    [
      'many fields',
      () => Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`${'n'.repeat(200)}${at}`, at])),
    ],
    ['what calls itself for its JSON', () => selfish()],
    ['a wide tree', () => wide(6, 20)],
    ['a number of a million digits', () => 10n ** 1_000_000n],
    ['a symbol of 50 MB', () => Symbol('x'.repeat(50_000_000))],
  ])('stays small where it is of %s', (_what, make) => {
    expect(JSON.stringify(boundedValue(make(), MAX)).length).toBeLessThan(3 * MAX);
  });

  it('can be written as JSON, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withNullPrototype: true,
          withBigInt: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withDate: true,
        }),
        (value) => {
          expect(() => JSON.stringify(boundedValue(value, 200))).not.toThrow();
        },
      ),
    );
  });
});

function selfish(): object {
  const value = { toJSON: (): unknown => ({ again: value, toJSON: value.toJSON }) };
  return value;
}

function wide(levels: number, width: number): unknown {
  const below = levels === 0 ? 'leaf' : wide(levels - 1, width);
  return Array(width).fill(below);
}
