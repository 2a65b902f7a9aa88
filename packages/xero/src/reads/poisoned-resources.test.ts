import { expect, it } from 'vitest';
import { createPoisonedResources } from './poisoned-resources.ts';

it('A resource that has spoilt a call for many is remembered for ten minutes, in its organisation', () => {
  let time = 0;
  const poisoned = createPoisonedResources(() => time);
  poisoned.add('t', 'id');
  expect([poisoned.has('t', 'id'), poisoned.has('t', 'other'), poisoned.has('other', 'id')]).toEqual([
    true,
    false,
    false,
  ]);
  time += 600_000;
  expect(poisoned.has('t', 'id')).toBe(false);
});
