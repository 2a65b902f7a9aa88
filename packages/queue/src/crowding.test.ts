import { describe, expect, it } from 'vitest';
import { createCrowding } from './crowding.ts';

function crowding() {
  let time = 1_000_000;
  const isCrowding = createCrowding({ atOnce: 3, perSecond: 2, now: () => time });
  return { isCrowding, later: (ms: number) => void (time += ms) };
}

describe('an organisation', () => {
  it('crowds out others with what comes beyond its allowance, and with nothing else', () => {
    const { isCrowding } = crowding();
    expect(['a', 'a', 'a', 'a', 'b', 'a'].map(isCrowding)).toEqual([false, false, false, true, false, true]);
  });

  it('gets its allowance back in time, and no more than that', () => {
    const { isCrowding, later } = crowding();
    for (let event = 0; event < 5; event++) isCrowding('a');
    later(499);
    expect(isCrowding('a')).toBe(true);
    later(1);
    expect(['a', 'a'].map(isCrowding)).toEqual([false, true]);
    later(60_000);
    expect(['a', 'a', 'a', 'a'].map(isCrowding)).toEqual([false, false, false, true]);
  });

  it('is not forgiven because there are many others', () => {
    const { isCrowding, later } = crowding();
    for (let event = 0; event < 4; event++) isCrowding('a');
    later(1);
    for (let other = 0; other < 10_100; other++) expect(isCrowding(`o-${other}`)).toBe(false);
    expect(isCrowding('a')).toBe(true);
  });
});
