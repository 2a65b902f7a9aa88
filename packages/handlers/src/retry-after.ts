/**
 * Reads the `Retry-After` of a failed request out of what a handler threw: an error of axios, or one that carries a
 * `Response` of fetch (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
 *
 * @param now the time, in milliseconds since 1970, that a date in the header is compared with
 * @returns how long to wait, in milliseconds, or `undefined` where nothing readable is there
 */
export function retryAfterMs(error: unknown, now: number = Date.now()): number | undefined {
  const value = headerOf(error)?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
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
