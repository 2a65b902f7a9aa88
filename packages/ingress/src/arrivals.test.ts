import { describe, expect, it } from 'vitest';
import type { Arrivals } from './arrivals.ts';
import { createArrivals } from './arrivals.ts';

/** Takes out the oldest until there is none. */
function drain<Value>(arrivals: Arrivals<Value>): Value[] {
  const values: Value[] = [];
  for (let oldest = arrivals.oldest(); oldest; oldest = arrivals.oldest()) {
    values.push(oldest.value);
    arrivals.remove(oldest);
  }
  return values;
}

describe('arrivals', () => {
  it('come out in the order in which they arrived', () => {
    const arrivals = createArrivals<number>();
    for (const value of [1, 2, 3]) arrivals.add(value);
    expect(drain(arrivals)).toEqual([1, 2, 3]);
    arrivals.add(4);
    expect(drain(arrivals)).toEqual([4]);
  });

  it.each([
    ['the first', 0, [2, 3]],
    ['one in the middle', 1, [1, 3]],
    ['the last', 2, [1, 2]],
  ])('can go before their turn: %s', (_which, place, left) => {
    const arrivals = createArrivals<number>();
    const added = [1, 2, 3].map(arrivals.add);
    arrivals.remove(added[place]!);
    arrivals.remove(added[place]!);
    arrivals.add(4);
    expect(drain(arrivals)).toEqual([...left, 4]);
  });
});
