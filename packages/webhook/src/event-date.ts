const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Reads a date of Xero's into one fixed-width form, `2025-12-02T00:44:09.923000000Z`, so that two dates compare as
 * strings. A date without a zone is UTC, as Xero documents it (`new Date()` would take it for local time).
 *
 * @param text a date as in `eventDateUtc`: with or without `Z`, with none to nine fraction digits
 * @returns the fixed-width form, or `undefined` where the text is no date
 */
export function fixedWidthDate(text: string): string | undefined {
  const parts = DATE.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const local = Date.UTC(+year!, +month! - 1, +day!, +hour, +minute, +second);
  const given = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // Date.UTC rolls a 30 February over into March, and takes the years 0 to 99 for 1900 to 1999.
  if (new Date(local).toISOString().slice(0, 19) !== given) return undefined;
  const utc = new Date(local - offsetMs(zone));
  return `${utc.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

function offsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
