import { describe, expect, it } from 'vitest';
import { createVerdict, GaveUp, RetryLater } from './verdict.ts';

/** Lets a handler say something and catch what that throws. */
function saying(...words: ((verdict: ReturnType<typeof createVerdict>) => never)[]) {
  const verdict = createVerdict();
  const thrown = words.map((word) => {
    try {
      return word(verdict);
    } catch (error) {
      return error;
    }
  });
  return { said: verdict.said(), thrown };
}

describe('a verdict', () => {
  it('is nothing until something is said', () => {
    expect(createVerdict().said()).toBeUndefined();
  });

  it('throws what counts', () => {
    const gaveUp = saying((verdict) => verdict.giveUp('the contact is gone'));
    expect(gaveUp.said).toBeInstanceOf(GaveUp);
    expect(gaveUp.said?.message).toBe('the contact is gone');
    expect(gaveUp.thrown).toEqual([gaveUp.said]);

    const later = saying((verdict) => verdict.retryIn(5_000, 'still importing'));
    expect(later.said).toBeInstanceOf(RetryLater);
    expect(later.said).toMatchObject({ message: 'still importing', delayMs: 5_000 });
    expect(later.thrown).toEqual([later.said]);
  });

  it('of giving up is final', () => {
    const { said, thrown } = saying(
      (verdict) => verdict.giveUp('gone'),
      (verdict) => verdict.retryIn(5_000, 'or not'),
    );
    expect(said).toMatchObject({ name: 'GaveUp', message: 'gone' });
    expect(thrown[1]).toBe(said);
  });

  it('otherwise is the last word', () => {
    expect(
      saying(
        (verdict) => verdict.retryIn(5_000, 'first'),
        (verdict) => verdict.retryIn(9_000, 'second'),
      ).said,
    ).toMatchObject({ delayMs: 9_000, message: 'second' });
    expect(
      saying(
        (verdict) => verdict.retryIn(5_000, 'first'),
        (verdict) => verdict.giveUp('second'),
      ).said,
    ).toMatchObject({ name: 'GaveUp', message: 'second' });
  });

  it.each([
    [0, 0],
    [-5, 0],
    [-Infinity, 0],
    [1.2, 2],
    ['5000', 5_000],
    [Infinity, 604_800_000],
    [1e15, 604_800_000],
    [Number.NaN, 60_000],
    ['soon', 60_000],
    ['', 60_000],
    [null, 60_000],
    [undefined, 60_000],
    [{}, 60_000],
  ])('of retryIn(%j) waits %i ms', (ms, delayMs) => {
    expect(saying((verdict) => verdict.retryIn(ms, 'later')).said).toMatchObject({ delayMs });
  });

  it.each([
    ['nothing', undefined, 'no reason given'],
    ['an error', new TypeError('no such contact'), 'no such contact'],
    ['an object', { status: 404 }, '{"status":404}'],
    ['a symbol', Symbol('gone'), 'Symbol(gone)'],
    ['an object without a prototype', Object.create(null), '{}'],
  ])('holds where its reason is %s', (_what, reason, message) => {
    expect(saying((verdict) => verdict.giveUp(reason)).said).toMatchObject({ name: 'GaveUp', message });
    expect(saying((verdict) => verdict.retryIn(1, reason)).said).toMatchObject({ name: 'RetryLater', message });
  });
});
