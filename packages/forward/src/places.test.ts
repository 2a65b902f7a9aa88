import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPlaces } from './places.ts';

const take = async (places: ReturnType<typeof createPlaces>, address = 'a') => {
  const taken = await places.take(address);
  return typeof taken === 'function' ? { free: taken } : taken;
};

describe('the places of a receiver', () => {
  it('are as many as there are, for each receiver', async () => {
    const places = createPlaces(2);
    const taken = await Promise.all(['a', 'a', 'b', 'b'].map((address) => take(places, address)));
    expect(taken.map((one) => 'free' in one)).toEqual([true, true, true, true]);
  });

  it('are handed over in the order in which they were asked for', async () => {
    const places = createPlaces(1);
    const first = await take(places);
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const got = await take(places);
      order.push(number);
      return got;
    });
    if ('free' in first) first.free();
    const second = await waiting[0]!;
    if ('free' in second) second.free();
    expect('free' in (await waiting[1]!)).toBe(true);
    expect(order).toEqual([1, 2]);
  });

  it('are taken once each, even if one is freed twice', async () => {
    const places = createPlaces(1);
    const first = await take(places);
    if ('free' in first) {
      first.free();
      first.free();
    }
    expect('free' in (await take(places))).toBe(true);
    expect('delayMs' in (await take(places))).toBe(true);
  });

  it('that do not become free send the others away, one after another', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const places = createPlaces(1);
    await take(places);
    const others = Promise.all([take(places), take(places), take(places)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await others).toEqual([{ delayMs: 1_000 }, { delayMs: 1_010 }, { delayMs: 1_020 }]);
  });
});
