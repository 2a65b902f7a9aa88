import { answersIn } from './answer.ts';

/** The longest wait that a header may ask for, in milliseconds: a week, as long as a settled event is remembered. */
const MAX_MS = 604_800_000;

/** Longer headers are ignored, in characters. */
const MAX_LENGTH = 100;

/**
 * Finds the `Retry-After` of a failed request in what a handler threw, whatever HTTP client it used
 * (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after). It never throws.
 *
 * @param now in milliseconds since 1970, for headers with a date
 * @returns how long to wait, in milliseconds, at most a week; the longest wait if several requests failed together;
 *   `undefined` if there is no readable header
 */
export function retryAfterMs(error: unknown, now: number = Date.now()): number | undefined {
  const waits = answersIn(error).flatMap(({ header }) => waitOf(header('retry-after'), now) ?? []);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function waitOf(header: string | undefined, now: number): number | undefined {
  const value = header === undefined || header.length > MAX_LENGTH ? '' : header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, MAX_MS);
  // Date.parse would read a bare number as a year.
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), MAX_MS);
}
