import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeNewest } from './merge-newest.ts';
import type { Source } from './merge-newest.ts';
import type { Place } from './place.ts';
import { byPlace, isAfter, NEWEST } from './place.ts';

/** A source over a list, and how many of its events were asked for. */
function sourceOf(places: readonly Place[]): { read: Source<Place>; asked: () => number } {
  const sorted = places.toSorted(byPlace);
  let asked = 0;
  return {
    async read(after, count) {
      asked += count;
      return sorted.filter((place) => isAfter(place, after)).slice(0, count);
    },
    asked: () => asked,
  };
}

const lists = fc.array(fc.array(fc.nat({ max: 50 }), { maxLength: 40 }), { maxLength: 8 });

it('gives every event of all sources once, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 5 }), async (times, atFirst) => {
      const places = times.map((list, source) =>
        list.map((receivedAt, index) => ({ receivedAt, jobId: `${source}-${index}` })),
      );
      const merged = (
        await Array.fromAsync(
          mergeNewest(
            places.map((list) => sourceOf(list).read),
            NEWEST,
            atFirst,
          ),
        )
      ).flat();
      expect(merged).toEqual(places.flat().toSorted(byPlace));
    }),
  );
});

it('asks each of many sources for little where little is taken', async () => {
  const sources = Array.from({ length: 100 }, (_, source) =>
    sourceOf(Array.from({ length: 1_000 }, (__, at) => ({ receivedAt: at * 100 + source, jobId: `${source}-${at}` }))),
  );
  const merging = mergeNewest(
    sources.map(({ read }) => read),
    NEWEST,
    4,
  );
  const first = await merging.next();
  expect(first.value.length).toBeGreaterThanOrEqual(100);
  expect(sources.reduce((sum, { asked }) => sum + asked(), 0)).toBe(400);
});
