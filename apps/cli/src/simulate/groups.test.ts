import { describe, expect, it } from 'vitest';
import { forEach, inGroups } from './groups.ts';

describe('groups', () => {
  it('have the size asked for, the last what is left', () => {
    expect(inGroups([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(inGroups([], 2)).toEqual([]);
  });
});

describe('running something for each item', () => {
  it('runs ten at once, and has the results in the order of the items', async () => {
    const waiting: (() => void)[] = [];
    const results = forEach(
      Array.from({ length: 12 }, (_, index) => index),
      async (item) => {
        if (item < 10) await new Promise<void>((resolve) => waiting.push(resolve));
        return `result ${item}`;
      },
    );
    expect(waiting).toHaveLength(10);
    for (const go of waiting.toReversed()) go();
    expect(await results).toEqual(Array.from({ length: 12 }, (_, index) => `result ${index}`));
  });

  it('begins them at a rate whether those before have ended or not', async () => {
    let begun = 0;
    const hold = Promise.withResolvers<void>();
    await forEach(
      Array.from({ length: 30 }, () => 0),
      async () => {
        if (++begun === 30) hold.resolve();
        await hold.promise;
      },
      { perSecond: 1_000 },
    );
    expect(begun).toBe(30);
  });

  it('fails where one fails', async () => {
    await expect(forEach([1, 2], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
