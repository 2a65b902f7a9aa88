const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * A date from Xero in one fixed-width form, `2025-12-02T00:44:09.923000000Z`, so that two dates compare as
 * strings. A date without a zone is UTC, as Xero documents it (`new Date()` would take it for local time).
 *
 * @param text a date as in `eventDateUtc`: with or without `Z`, with none to nine fraction digits
 * @returns the fixed-width form, or `undefined` if the text is not a date
 */
export function fixedWidthDate(text: string): string | undefined {
  if (!isEventDate(text)) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = DATE.exec(text)!;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const utc = zone.length === 1 ? local : shifted(`${local}Z`, -offsetMs(zone));
  return `${utc}.${fraction.padEnd(9, '0')}Z`;
}

function shifted(date: string, ms: number): string {
  return new Date(Date.parse(date) + ms).toISOString().slice(0, 19);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `fixedWidthDate` can read a text. Called for every incoming event, so it is cheaper. */
export function isEventDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const day = twoDigits(text, 8);
  if (year < 100 || month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]! + (isLeap ? 1 : 0)) return false;
  if (text.length < 16) return true;
  return twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && (text[16] !== ':' || twoDigits(text, 17) < 60);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

function offsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
