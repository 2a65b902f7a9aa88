/** An event's place among all: the newest first, and by job where several were received in the same millisecond. */
export type Place = { readonly receivedAt: number; readonly jobId: string };

/** Before every event. */
export const NEWEST: Place = { receivedAt: Number.MAX_SAFE_INTEGER, jobId: '\uFFFF' };

/** Sorts the newest first, as Redis sorts a set in reverse. */
export function byPlace(a: Place, b: Place): number {
  if (a.receivedAt !== b.receivedAt) return b.receivedAt - a.receivedAt;
  return a.jobId < b.jobId ? 1 : a.jobId > b.jobId ? -1 : 0;
}

/** Whether a place comes after another, so that it is older. */
export function isAfter(place: Place, other: Place): boolean {
  return byPlace(place, other) > 0;
}

/** What to go on from, for a page or a link. */
export function writeCursor({ receivedAt, jobId }: Place): string {
  return `${receivedAt}.${jobId}`;
}

/** @throws RangeError where it is not one of ours */
export function readCursor(cursor: string): Place {
  const [, receivedAt, jobId] = /^(\d{1,16})\.([\w.-]{0,80})$/.exec(cursor) ?? [];
  if (jobId === undefined) throw new RangeError('this is not a cursor of an earlier answer');
  return { receivedAt: Number(receivedAt), jobId };
}
