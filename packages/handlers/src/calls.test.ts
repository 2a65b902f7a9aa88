import { describe, expect, it } from 'vitest';
import { createCalls } from './calls.ts';

const fails = async (error: Error): Promise<never> => {
  throw error;
};

/** Reports that have come to whoever listens after the end. */
function endOf(calls: ReturnType<typeof createCalls>): { faults: readonly string[]; late: string[] } {
  const late: string[] = [];
  return { faults: calls.end((fault) => late.push(fault)).map(({ fault }) => fault), late };
}

describe('the reads of an attempt', () => {
  it('are in order where each has ended before the handler has', async () => {
    const calls = createCalls();
    expect(await calls.follow('a', Promise.resolve(1))).toBe(1);
    await expect(calls.follow('b', fails(new Error('404')))).rejects.toThrow('404');
    expect(endOf(calls)).toEqual({ faults: [], late: [] });
  });

  it('are named where they have not ended when the handler returns', () => {
    const calls = createCalls();
    for (const name of ['a', 'b']) void calls.follow(name, new Promise(() => {}));
    expect(endOf(calls).faults).toEqual([
      'a had not ended when the handler returned',
      'b had not ended when the handler returned',
    ]);
  });

  it('lose something where they are of a kind that nobody may leave', () => {
    const calls = createCalls();
    void calls.follow('a', new Promise(() => {}));
    void calls.follow('b', new Promise(() => {}), true);
    expect(calls.end(() => {}).map(({ loses }) => loses)).toEqual([false, true]);
  });

  it('are named, one by one, where they begin after the handler has returned', async () => {
    const calls = createCalls();
    const { faults, late } = endOf(calls);
    await calls.follow('a', Promise.resolve());
    expect({ faults, late }).toEqual({ faults: [], late: ['a was called after the handler had returned'] });
  });

  it('know a failure of theirs that nothing handled, before and after the handler has returned', async () => {
    const calls = createCalls();
    const [early, later] = [new Error('404'), new Error('500')];
    await Promise.allSettled([calls.follow('a', fails(early)), calls.follow('b', fails(later))]);
    expect(calls.floated(new Error('404'))).toBe(false);
    expect(calls.floated(early)).toBe(true);
    const { faults, late } = endOf(calls);
    expect(calls.floated(later)).toBe(true);
    expect(faults).toEqual(['a failed, and nothing handled that']);
    expect(late).toEqual(['b failed, and nothing handled that']);
  });

  it('are named once, whatever else is wrong with them', async () => {
    const calls = createCalls();
    const error = new Error('404');
    const { promise, reject } = Promise.withResolvers<never>();
    const reading = calls.follow('a', promise);
    const { faults, late } = endOf(calls);
    reject(error);
    await Promise.allSettled([reading]);
    expect(calls.floated(error)).toBe(true);
    expect({ faults, late }).toEqual({ faults: ['a had not ended when the handler returned'], late: [] });
  });
});
