import { expect, it } from 'vitest';
import { createSpoilers } from './spoilers.ts';

it('A resource that has spoilt a call for many is remembered for ten minutes, in its organisation', () => {
  let time = 0;
  const spoilers = createSpoilers(() => time);
  spoilers.add('t', 'id');
  expect([spoilers.has('t', 'id'), spoilers.has('t', 'other'), spoilers.has('other', 'id')]).toEqual([
    true,
    false,
    false,
  ]);
  time += 600_000;
  expect(spoilers.has('t', 'id')).toBe(false);
});
