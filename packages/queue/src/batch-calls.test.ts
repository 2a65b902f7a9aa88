import { describe, expect, it } from 'vitest';
import { batchCalls } from './batch-calls.ts';

/** Doubles numbers; keeps what was sent, and fails where it is told to. */
function doubling({
  fails = (_calls: readonly number[]): Error | undefined => undefined,
  maxCalls = 16,
  again = undefined as 'never' | undefined,
} = {}) {
  const sent: number[][] = [];
  const batched = batchCalls<number, number>({
    maxCalls,
    ...(again && { again }),
    groupOf: (call) => (call < 0 ? 'negative' : 'positive'),
    async send(calls) {
      sent.push([...calls]);
      const error = fails(calls);
      if (error) throw error;
      return calls.map((call) => call * 2);
    },
  });
  return { sent, batched };
}

describe('calls in one batch', () => {
  it('are those of one tick and one group, each with its own result', async () => {
    const { sent, batched } = doubling();
    expect(await Promise.all([1, -1, 2, 3].map(batched))).toEqual([2, -2, 4, 6]);
    expect(sent).toEqual([[1, 2, 3], [-1]]);
    expect(await batched(4)).toBe(8);
    expect(sent.at(-1)).toEqual([4]);
  });

  it('are also those made while other promises of the tick go on', async () => {
    const { sent, batched } = doubling();
    const later = async (call: number): Promise<number> => {
      for (let hop = 0; hop < 10; hop++) await Promise.resolve();
      return batched(call);
    };
    await Promise.all([batched(1), later(2)]);
    expect(sent).toEqual([[1, 2]]);
  });

  it('are sent at once when there are enough', async () => {
    const { sent, batched } = doubling({ maxCalls: 2 });
    const all = [1, 2, 3].map(batched);
    expect(sent).toEqual([[1, 2]]);
    await Promise.all(all);
    expect(sent).toEqual([[1, 2], [3]]);
  });

  it('are sent each alone where one of them is at fault, so that it fails no other', async () => {
    const { sent, batched } = doubling({
      fails: (calls) => (calls.includes(2) ? new Error('WRONGTYPE not a hash') : undefined),
    });
    const ended = await Promise.allSettled([1, 2, 3].map(batched));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('fail together where they must not be sent again', async () => {
    const { sent, batched } = doubling({ again: 'never', fails: () => new Error('WRONGTYPE not a hash') });
    const ended = await Promise.allSettled([1, 2].map(batched));
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toEqual([[1, 2]]);
  });

  it('fail together where Redis is at fault', async () => {
    const { sent, batched } = doubling({ fails: () => new Error('READONLY You cannot write') });
    const ended = await Promise.allSettled([1, 2].map(batched));
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toEqual([[1, 2]]);
  });
});
