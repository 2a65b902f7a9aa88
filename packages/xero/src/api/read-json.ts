import { fixedWidthDate } from '@xero-webhooks/webhook';

/** What a field of a date is called; a reference or a description that looks like a date is left alone. */
const DATE_FIELD = /Date(?:UTC)?(?:String)?$/;

/** Xero's form of a time in JSON, whose zone only says how Xero would show it. */
const TICKS = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

/**
 * Reads an answer of Xero's: JSON, with dates as `Date`.
 *
 * @throws SyntaxError where it is no JSON
 */
export function readJson(text: string): unknown {
  return JSON.parse(text, (field: string, value: unknown) =>
    typeof value === 'string' && DATE_FIELD.test(field) ? (readXeroDate(value) ?? value) : value,
  );
}

/**
 * Reads a date as Xero writes it: `/Date(1518685950940+0000)/`, or `2026-11-23T00:00:00` without a zone, which is UTC
 * (https://developer.xero.com/documentation/api/accounting/requests-and-responses#date-formats).
 *
 * @returns `undefined` where the text is no date
 */
export function readXeroDate(text: string): Date | undefined {
  const ticks = TICKS.exec(text)?.[1];
  const time = ticks === undefined ? Date.parse(fixedWidthDate(text)?.slice(0, 23).concat('Z') ?? '') : Number(ticks);
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
