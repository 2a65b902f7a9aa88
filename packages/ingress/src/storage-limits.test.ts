import { describe, expect, it } from 'vitest';
import type { StoreOutcome } from './storage-limits.ts';
import { createStorageLimits } from './storage-limits.ts';

const STORED: StoreOutcome = { outcome: 'stored' };
const LATE: StoreOutcome = { outcome: 'refused', reason: 'Redis is slower than the deadline' };
const TOO_MUCH: StoreOutcome = { outcome: 'refused', reason: 'too much is waiting for Redis' };

/** A store that the test answers. */
function manualStore() {
  const answers: ((outcome: StoreOutcome) => void)[] = [];
  return { answers, store: () => new Promise<StoreOutcome>((resolve) => answers.push(resolve)) };
}

describe('the storing of a request', () => {
  it('passes on its outcome', async () => {
    const within = createStorageLimits({ deadlineMs: 5_000 });
    expect(await within(1, async () => STORED)).toEqual(STORED);
  });

  it('is refused at the deadline, and its later outcome is ignored', async () => {
    const { answers, store } = manualStore();
    const within = createStorageLimits({ deadlineMs: 20 });
    expect(await within(1, store)).toEqual(LATE);
    answers[0]!(STORED);
  });

  it('is told of the deadline', async () => {
    const within = createStorageLimits({ deadlineMs: 20 });
    let seen: boolean | undefined;
    const stored = within(1, async (attempt) => {
      await new Promise<void>((resolve) => (attempt.onExpired = resolve));
      seen = attempt.expired;
      return STORED;
    });
    expect(await stored).toEqual(LATE);
    await Promise.resolve();
    expect(seen).toBe(true);
  });

  it('passes on a fault, and ignores one after the deadline', async () => {
    let fail = (_error: Error): void => {};
    const failing = () => new Promise<StoreOutcome>((_resolve, reject) => (fail = reject));
    const early = createStorageLimits({ deadlineMs: 5_000 })(1, failing);
    fail(new Error('a fault'));
    await expect(early).rejects.toThrow('a fault');
    expect(await createStorageLimits({ deadlineMs: 20 })(1, failing)).toEqual(LATE);
    fail(new Error('a late fault'));
  });

  it('is refused at once if too many bytes wait, including those of requests past their deadline', async () => {
    const { answers, store } = manualStore();
    const within = createStorageLimits({ deadlineMs: 20, maxPendingBytes: 100 });
    const late = within(1_000, store);
    expect(await within(1, store)).toEqual(TOO_MUCH);
    expect(await late).toEqual(LATE);
    expect(await within(1, store)).toEqual(TOO_MUCH);
    answers[0]!(STORED);
    await new Promise(setImmediate);
    const next = within(100, store);
    answers[1]!(STORED);
    expect(await next).toEqual(STORED);
  });
});
