import { answersIn } from './answer.ts';

/** The longest wait that a header may ask for: a week, as long as a settled event is remembered. */
const MAX_MS = 604_800_000;

/** A header that is longer says no time. */
const MAX_LENGTH = 100;

/**
 * Reads the `Retry-After` of a failed request out of what a handler threw, whatever client it is from
 * (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after). It never throws.
 *
 * @param now the time, in milliseconds since 1970, that a date in the header is compared with
 * @returns how long to wait, in milliseconds, a week at most, or `undefined` where nothing readable is there; of several
 *   requests that failed together, the longest
 */
export function retryAfterMs(error: unknown, now: number = Date.now()): number | undefined {
  const waits = answersIn(error).flatMap(({ header }) => waitOf(header('retry-after'), now) ?? []);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function waitOf(header: string | undefined, now: number): number | undefined {
  const value = header === undefined || header.length > MAX_LENGTH ? '' : header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, MAX_MS);
  // Date.parse would take a bare number for a year.
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), MAX_MS);
}
