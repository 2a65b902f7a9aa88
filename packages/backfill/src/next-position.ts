import type { ListPosition } from './backfill.ts';
import type { Change } from './change.ts';

/**
 * Where to go on after a page. Xero sorts by date, oldest first, so the next page begins with what was read last: pages by
 * number would skip a resource whenever one that was read changes and moves to the end. Where more than a page has changed
 * within one second, which is all that Xero's filter tells apart, or the order is another, pages are counted.
 */
export function nextPosition(position: ListPosition, changes: readonly Change[]): ListPosition {
  const last = changes.at(-1)?.updatedAt;
  if (!isSorted(changes) || last === undefined || second(last) <= second(position.after)) {
    return { ...position, page: position.page + 1 };
  }
  const read = changes.filter(({ updatedAt }) => updatedAt === last).map(({ resourceId }) => resourceId);
  return { after: last, read, page: 1 };
}

/** Whether changes stand in the order of their dates. */
export function isSorted(changes: readonly Change[]): boolean {
  return changes.every(({ updatedAt }, index) => index === 0 || changes[index - 1]!.updatedAt <= updatedAt);
}

/** Whether a change on a page has not been read before. */
export function isUnread({ after, read }: ListPosition, { updatedAt, resourceId }: Change): boolean {
  return updatedAt > after || (updatedAt === after && !read.includes(resourceId));
}

function second(time: number): number {
  return Math.floor(time / 1_000);
}
