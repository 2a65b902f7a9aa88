import { describe, expect, it } from 'vitest';
import type { Change } from './change.ts';
import { isUnread, nextPosition } from './next-position.ts';

const SECOND = 1_000;
const change = (resourceId: string, updatedAt: number): Change => ({ resourceId, updatedAt, resource: {} });
const from = (after: number, page = 1, read: string[] = []) => ({ after, page, read });

describe('where a list is read on', () => {
  it('is the date of the last resource, whatever moves to the end meanwhile', () => {
    const page = [change('a', 1 * SECOND), change('b', 5 * SECOND), change('c', 5 * SECOND)];
    expect(nextPosition(from(0), page)).toEqual(from(5 * SECOND, 1, ['b', 'c']));
    expect(nextPosition(from(0, 3), page)).toEqual(from(5 * SECOND, 1, ['b', 'c']));
  });

  it.each<[string, Change[]]>([
    ['all of it has changed within the second', [change('a', 100), change('b', 900)]],
    ['Xero sorts in another way', [change('a', 9 * SECOND), change('b', 2 * SECOND)]],
    ['nothing on the page can be read', []],
  ])('is the next page where %s', (_why, page) => {
    expect(nextPosition(from(50, 2, ['x']), page)).toEqual(from(50, 3, ['x']));
  });

  it('leaves out only what was read', () => {
    const position = from(5 * SECOND, 1, ['b']);
    const page = [change('a', 4_999), change('b', 5_000), change('c', 5_000), change('d', 5_001)];
    expect(page.filter((one) => isUnread(position, one)).map(({ resourceId }) => resourceId)).toEqual(['c', 'd']);
  });
});
