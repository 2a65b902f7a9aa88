import { describeValue, readField } from '@xero-webhooks/bounded';

/** A server's answer within what a handler threw: clients reject with one, or with an error that has one. */
export type Answer = {
  /** The HTTP status, if there is one. */
  readonly status: number | undefined;
  /** A header's value. */
  header(name: string): string | undefined;
  readonly body: unknown;
};

/** How deep to search, through causes and the errors of an `AggregateError`. */
const MAX_LEVELS = 4;
const MAX_THINGS = 50;

/** Longer texts are not worth parsing: they are not answers that say how long to wait. */
const MAX_JSON = 1_000_000;

/**
 * Finds the answers in what a handler threw: in an error of axios, got, ky, undici and of wrappers around fetch, in a
 * `Response` itself, in the JSON text that xero-node rejects with, and in causes and aggregated errors. It never throws.
 *
 * @returns the answers nearest to what was thrown; several only of an `AggregateError`
 */
export function answersIn(thrown: unknown): readonly Answer[] {
  const seen = new Set<unknown>();
  let level: readonly unknown[] = [thrown];
  for (let depth = 0; depth < MAX_LEVELS && level.length > 0; depth++) {
    const fresh = level.filter((thing) => thing !== undefined && thing !== null && !seen.has(thing));
    for (const thing of fresh) seen.add(thing);
    const things = fresh.slice(0, MAX_THINGS).map((thing) => parsed(thing) ?? thing);
    const answers = things.flatMap((thing) => answerOf(thing) ?? []);
    if (answers.length > 0) return answers;
    level = things.flatMap(beneath);
  }
  return [];
}

/**
 * The JSON in a text, or in an error's message, that holds an answer: an object with a `response`, as xero-node makes it
 * (https://github.com/XeroAPI/xero-node/blob/master/src/model/ApiError.ts). It has the request's token in it.
 */
export function parsed(thing: unknown): object | undefined {
  const text = typeof thing === 'string' ? thing : readField(thing, 'message');
  if (typeof text !== 'string' || text.length > MAX_JSON || !/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return answerOf(value) === undefined ? undefined : (value as object);
  } catch {
    return undefined;
  }
}

/** One short line. */
export function describeAnswer({ status, body }: Answer): string {
  const said = body === undefined || body === null || body === '' ? '' : `: ${describeValue(body)}`;
  return `an answer${status === undefined ? '' : ` with status ${status}`}${said}`;
}

function beneath(thing: unknown): unknown[] {
  const errors = readField(thing, 'errors');
  const several = Array.from({ length: MAX_THINGS }, (_, place) => readField(errors, place));
  return ['cause', 'error', 'originalError'].map((name) => readField(thing, name)).concat(several);
}

/** Where clients put the answer: most in `response`, older versions of got and Node itself in `res`, AWS in `$response`. */
const PLACES = ['response', '$response', 'res'];

function answerOf(thing: unknown): Answer | undefined {
  const places = [...PLACES.map((name) => readField(thing, name)), thing];
  const withHeaders = places.find((place) => headersOf(place) !== undefined);
  const status = places.map(statusOf).find((one) => one !== undefined);
  const isAnswer = withHeaders !== undefined || (status !== undefined && isObject(places[0]));
  if (!isAnswer) return undefined;
  const headers = headersOf(withHeaders);
  return {
    status,
    header: (name) => headerOf(headers, name),
    body: places.flatMap((place) => bodyOf(place) ?? [])[0],
  };
}

function statusOf(place: unknown): number | undefined {
  const statuses = ['status', 'statusCode', 'httpStatusCode'].map((name) => readField(place, name));
  return statuses.find((status) => typeof status === 'number' && status >= 100 && status < 600) as number | undefined;
}

function bodyOf(place: unknown): unknown {
  // The body of a fetch Response is a stream.
  return ['data', 'body'].map((name) => readField(place, name)).find(isData);
}

function isData(body: unknown): boolean {
  if (typeof body === 'string') return true;
  return (
    isObject(body) &&
    typeof readField(body, 'getReader') !== 'function' &&
    typeof readField(body, 'pipe') !== 'function'
  );
}

function headersOf(place: unknown): unknown {
  return ['headers', 'header', 'rawHeaders', 'responseHeaders'].map((name) => readField(place, name)).find(isObject);
}

function headerOf(headers: unknown, name: string): string | undefined {
  for (const read of [gotten, listed, owned]) {
    try {
      const value = textOf(read(headers, name));
      if (value !== undefined) return value;
    } catch {
      // What a handler threw can throw again when it is read.
    }
  }
  return undefined;
}

/** `Headers` of fetch, `AxiosHeaders`, and a `Map`, which is case-sensitive. */
function gotten(headers: unknown, name: string): unknown {
  const get = readField(headers, 'get');
  if (typeof get !== 'function') return undefined;
  const title = name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return get.call(headers, name) ?? get.call(headers, title);
}

/** More than a server sends. */
const MAX_HEADERS = 500;

/** Raw headers of undici and Node: names and values in turn, or in pairs, as bytes or as text. */
function listed(headers: unknown, name: string): unknown {
  if (!Array.isArray(headers)) return undefined;
  const items = (headers as unknown[]).slice(0, MAX_HEADERS);
  const pairs = items.map(pairOf);
  const flat = pairs.includes(undefined) ? items : pairs.flat();
  const place = flat.findIndex((item, at) => at % 2 === 0 && textOf(item)?.toLowerCase() === name);
  return place === -1 ? undefined : flat[place + 1];
}

function pairOf(item: unknown): unknown[] | undefined {
  if (Array.isArray(item)) return [item[0], item[1]];
  const name = readField(item, 'name');
  return typeof name === 'string' ? [name, readField(item, 'value')] : undefined;
}

function owned(headers: unknown, name: string): unknown {
  const key = Object.keys(headers as object).find((each) => each.toLowerCase() === name);
  return readField(headers, key ?? '');
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value) && value.length === 1) return textOf(value[0]);
  if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, 200)).toString('latin1');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
