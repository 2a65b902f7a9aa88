import type { EventRecord } from '@xero-webhooks/record';

/** Events of one minute. `in`: received; `out`: came to an end. */
export type Minute = { readonly at: number; readonly in: number; readonly out: number };

const MINUTE_MS = 60_000;

/**
 * Counts events by minute, the oldest minute first.
 *
 * @param complete whether these are all events of the span; if not, it begins with the first whole minute
 */
export function minutesOf(
  records: readonly EventRecord[],
  { now, minutes, complete }: { now: number; minutes: number; complete: boolean },
): Minute[] {
  const last = Math.floor(now / MINUTE_MS);
  const oldest = records.at(-1)?.receivedAt ?? now;
  const from = complete ? last - minutes + 1 : Math.max(last - minutes + 1, Math.floor(oldest / MINUTE_MS) + 1);
  const received = countsOf(records.map(({ receivedAt }) => receivedAt));
  const ended = countsOf(records.flatMap(endOf));
  return Array.from({ length: Math.max(1, last - from + 1) }, (_, index) => {
    const minute = Math.min(from, last) + index;
    return { at: minute * MINUTE_MS, in: received.get(minute) ?? 0, out: ended.get(minute) ?? 0 };
  });
}

function countsOf(times: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const time of times) {
    const minute = Math.floor(time / MINUTE_MS);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return counts;
}

function endOf({ entries }: EventRecord): number[] {
  const end = entries.findLast((entry) => entry.kind === 'state' && entry.state !== 'waiting');
  return end?.kind === 'state' ? [end.at] : [];
}
