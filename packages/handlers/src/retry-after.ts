/** The longest wait that a header may ask for: a week, as long as a settled event is remembered. */
const MOST_MS = 604_800_000;

/**
 * Reads the `Retry-After` of a failed request out of what a handler threw: an error of axios, or one that carries a
 * `Response` of fetch (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
 *
 * @param now the time, in milliseconds since 1970, that a date in the header is compared with
 * @returns how long to wait, in milliseconds, a week at most, or `undefined` where nothing readable is there
 */
export function retryAfterMs(error: unknown, now: number = Date.now()): number | undefined {
  const value = safeHeaderOf(error)?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, MOST_MS);
  // Date.parse would take a bare number for a year.
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), MOST_MS);
}

/** What a handler threw can throw again when it is looked at. */
function safeHeaderOf(error: unknown): string | undefined {
  try {
    return headerOf(error);
  } catch {
    return undefined;
  }
}

function headerOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const response = isObject(error['response']) ? error['response'] : error;
  const headers = response['headers'];
  if (!isObject(headers)) return undefined;
  const value =
    typeof headers['get'] === 'function' ? (headers as unknown as Headers).get('retry-after') : ownHeader(headers);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function ownHeader(headers: Record<string, unknown>): unknown {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'retry-after');
  return name === undefined ? undefined : headers[name];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
