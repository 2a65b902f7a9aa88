import { describe, expect, it } from 'vitest';
import { compareStored } from './compare-stored.ts';

describe('the queue after a run', () => {
  it('is right if every answered event is stored once, in any order', () => {
    expect(compareStored({ answered: ['a', 'b', 'c'], unanswered: [] }, ['c', 'a', 'b'])).toBeUndefined();
  });

  it('may or may not hold events without an answer', () => {
    expect(compareStored({ answered: ['a'], unanswered: ['b', 'c'] }, ['a', 'c'])).toBeUndefined();
  });

  it.each([
    ['lost events', ['a', 'b', 'c'], ['b'], 'of 3 events 2 lost'],
    ['lost events and others without an answer', ['a', 'b'], ['b', 'in flight'], 'of 2 events 1 lost'],
    ['events twice', ['a', 'b'], ['a', 'b', 'a', 'a'], 'of 2 events 2 stored twice'],
    ['events twice that have no answer', ['a'], ['a', 'in flight', 'in flight'], 'of 1 events 1 stored twice'],
    ['events that were not sent', ['a'], ['a', 'x'], 'of 1 events 1 stored but never sent'],
    ['as many lost as there are too many', ['a', 'b'], ['a', 'a'], 'of 2 events 1 lost, 1 stored twice'],
  ])('is wrong with %s', (_what, answered, stored, fault) => {
    expect(compareStored({ answered, unanswered: ['in flight'] }, stored)).toBe(fault);
  });
});
