import { describe, expect, it } from 'vitest';
import { compareStored } from './compare-stored.ts';

describe('what is in the queue after a run', () => {
  it('is right where every answered event is there once, in whatever order', () => {
    expect(compareStored({ answered: ['a', 'b', 'c'], unanswered: [] }, ['c', 'a', 'b'])).toBeUndefined();
  });

  it('may hold what had no answer yet, or may not', () => {
    expect(compareStored({ answered: ['a'], unanswered: ['b', 'c'] }, ['a', 'c'])).toBeUndefined();
  });

  it.each([
    ['lost events', ['a', 'b', 'c'], ['b'], 'of 3 events 2 lost'],
    ['lost events and others that had no answer yet', ['a', 'b'], ['b', 'on its way'], 'of 2 events 1 lost'],
    ['events twice', ['a', 'b'], ['a', 'b', 'a', 'a'], 'of 2 events 2 stored twice'],
    ['events twice that had no answer yet', ['a'], ['a', 'on its way', 'on its way'], 'of 1 events 1 stored twice'],
    ['events that nobody sent', ['a'], ['a', 'x'], 'of 1 events 1 stored without having been sent'],
    ['as many lost as there are too many', ['a', 'b'], ['a', 'a'], 'of 2 events 1 lost, 1 stored twice'],
  ])('is wrong with %s', (_what, answered, stored, fault) => {
    expect(compareStored({ answered, unanswered: ['on its way'] }, stored)).toBe(fault);
  });
});
