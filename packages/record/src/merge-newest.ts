import type { Place } from './place.ts';
import { byPlace, isAfter } from './place.ts';

/** One organisation's events after a place, newest first, so many at most; fewer only at the end. */
export type Source<Item extends Place> = (after: Place, count: number) => Promise<readonly Item[]>;

/** What a source has brought and not given yet, and whether there is more where it came from. */
type Buffer<Item extends Place> = { read: Source<Item>; items: Item[]; last: Place; count: number; ended: boolean };

/** The most that is asked of one source at once: Redis does nothing else meanwhile. */
const MAX_COUNT = 500;

/**
 * Merges the events of many organisations, newest first. Each is asked for few at first and for twice as many each time,
 * so that what is read grows with what is taken and not with the number of organisations.
 *
 * @param atFirst how many each source is asked for at first
 * @returns groups of events in their order; reading stops when no more groups are taken
 */
export async function* mergeNewest<Item extends Place>(
  sources: readonly Source<Item>[],
  after: Place,
  atFirst: number,
): AsyncGenerator<readonly Item[]> {
  let buffers: Buffer<Item>[] = sources.map((read) => ({
    read,
    items: [],
    last: after,
    count: Math.min(MAX_COUNT, atFirst),
    ended: false,
  }));
  while (buffers.length > 0) {
    await Promise.all(buffers.filter(isLow).map(refill));
    // A source that may have more says nothing of what comes after the last that it has brought.
    const [horizon] = buffers.flatMap(({ ended, last }) => (ended ? [] : [last])).toSorted(byPlace);
    const group: Item[] = [];
    for (const buffer of buffers) {
      const end = horizon ? buffer.items.findIndex((item) => isAfter(item, horizon)) : -1;
      group.push(...buffer.items.splice(0, end === -1 ? buffer.items.length : end));
    }
    yield group.toSorted(byPlace);
    buffers = buffers.filter(({ ended, items }) => !ended || items.length > 0);
  }
}

/** Refilling early keeps the end of one source from holding up all others. */
function isLow({ ended, items, count }: Buffer<Place>): boolean {
  return !ended && items.length <= count / 4;
}

async function refill<Item extends Place>(buffer: Buffer<Item>): Promise<void> {
  const { count } = buffer;
  const more = await buffer.read(buffer.last, count);
  buffer.items.push(...more);
  buffer.last = more.at(-1) ?? buffer.last;
  buffer.ended = more.length < count;
  buffer.count = Math.min(MAX_COUNT, count * 2);
}
