import { describe, expect, it } from 'vitest';
import { createBlame } from './blame.ts';
import { SLOWER_THAN_DEADLINE } from './storage-limits.ts';

const refused = (reason: string) => ({ outcome: 'refused', reason }) as const;

describe('a request that Redis has not confirmed in time', () => {
  it.each([SLOWER_THAN_DEADLINE, 'Redis does not answer'])(
    'is not blamed on Redis if the process stood still: %s',
    (reason) => {
      const blame = createBlame(() => 3_000);
      expect(blame(refused(reason), 4_000)).toEqual(refused('this process was too busy'));
    },
  );

  it.each([SLOWER_THAN_DEADLINE, 'Redis does not answer'])(
    'is blamed on Redis if the process kept running: %s',
    (reason) => {
      const blame = createBlame(() => 500);
      expect(blame(refused(reason), 4_000)).toEqual(refused(reason));
    },
  );

  it('is left alone if Redis has said what is wrong', () => {
    const blame = createBlame(() => 3_000);
    expect(blame(refused('Redis answers OOM'), 4_000)).toEqual(refused('Redis answers OOM'));
    expect(blame({ outcome: 'intent-to-receive', keyIndex: 0 }, 4_000)).toEqual({
      outcome: 'intent-to-receive',
      keyIndex: 0,
    });
  });
});
