import type { RedisWatch } from '@xero-webhooks/runtime';
import { expect, it } from 'vitest';
import { watchRoom } from './room.ts';

it('there is room for records until Redis was seen nearly full, also while it is away', () => {
  let state: ReturnType<RedisWatch['state']> = { usable: false, reason: 'Redis does not answer' };
  const hasRoom = watchRoom({ state: () => state });
  expect(hasRoom()).toBe(true);
  state = { usable: true, memory: 0.8 };
  expect(hasRoom()).toBe(false);
  state = { usable: false, reason: 'Redis answers OOM' };
  expect(hasRoom()).toBe(false);
  state = { usable: true, memory: 0.5 };
  expect(hasRoom()).toBe(true);
  state = { usable: false, reason: 'Redis does not answer' };
  expect(hasRoom()).toBe(true);
});
