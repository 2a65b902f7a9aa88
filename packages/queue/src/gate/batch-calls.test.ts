import { describe, expect, it } from 'vitest';
import { batchCalls } from './batch-calls.ts';

/** Doubles numbers; keeps what was sent, and fails where it is told to. */
function doubling({ fails = (_calls: readonly number[]): Error | undefined => undefined, most = 16 } = {}) {
  const sent: number[][] = [];
  const together = batchCalls<number, number>({
    most,
    groupOf: (call) => (call < 0 ? 'negative' : 'positive'),
    async send(calls) {
      sent.push([...calls]);
      const error = fails(calls);
      if (error) throw error;
      return calls.map((call) => call * 2);
    },
  });
  return { sent, together };
}

describe('calls that go together', () => {
  it('are those of one turn and one group, each with its own result', async () => {
    const { sent, together } = doubling();
    expect(await Promise.all([1, -1, 2, 3].map(together))).toEqual([2, -2, 4, 6]);
    expect(sent).toEqual([[1, 2, 3], [-1]]);
    expect(await together(4)).toBe(8);
    expect(sent.at(-1)).toEqual([4]);
  });

  it('are also those made while other promises of the turn go on', async () => {
    const { sent, together } = doubling();
    const later = async (call: number): Promise<number> => {
      for (let hop = 0; hop < 10; hop++) await Promise.resolve();
      return together(call);
    };
    await Promise.all([together(1), later(2)]);
    expect(sent).toEqual([[1, 2]]);
  });

  it('are sent at once when there are enough', async () => {
    const { sent, together } = doubling({ most: 2 });
    const all = [1, 2, 3].map(together);
    expect(sent).toEqual([[1, 2]]);
    await Promise.all(all);
    expect(sent).toEqual([[1, 2], [3]]);
  });

  it('are sent each alone where one of them is at fault, so that it fails no other', async () => {
    const { sent, together } = doubling({
      fails: (calls) => (calls.includes(2) ? new Error('WRONGTYPE not a hash') : undefined),
    });
    const settled = await Promise.allSettled([1, 2, 3].map(together));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('fail together where Redis is at fault', async () => {
    const { sent, together } = doubling({ fails: () => new Error('READONLY You cannot write') });
    const settled = await Promise.allSettled([1, 2].map(together));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toEqual([[1, 2]]);
  });
});
