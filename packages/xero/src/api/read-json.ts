import { isDateField } from '@xero-webhooks/handlers';

/** Xero's form of a time in JSON, whose zone only says how Xero would show it. */
const TICKS = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

/** A day, or a day and a time, with or without a zone. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(Z|[+-]\d{2}:?[0-5]\d)?)?$/i;

/**
 * Reads an answer of Xero's: JSON, with dates as `Date`. A date that cannot be read stays the text that it is.
 *
 * @throws SyntaxError where it is no JSON
 */
export function readJson(text: string): unknown {
  return JSON.parse(text, (field: string, value: unknown) =>
    typeof value === 'string' && isDateField(field) ? (readXeroDate(value) ?? value) : value,
  );
}

/**
 * Reads a date as Xero writes it: `/Date(1518685950940+0000)/`, or `2026-11-23T00:00:00`, which is UTC where it has no zone
 * (https://developer.xero.com/documentation/api/accounting/requests-and-responses#date-formats).
 *
 * @returns `undefined` where the text is no date
 */
export function readXeroDate(text: string): Date | undefined {
  const ticks = TICKS.exec(text)?.[1];
  const time = ticks === undefined ? timeOfIso(text) : Number(ticks);
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** In milliseconds since 1970; NaN where the text is no date. */
function timeOfIso(text: string): number {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone = 'Z'] = ISO.exec(text) ?? [];
  // Neither Date.UTC nor Date.parse: the one takes the year 1 for 1901, the other the 30th of February for a day in March.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return Number.NaN;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return date.setUTCHours(Number(hour), Number(minute), Number(second), ms) - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
