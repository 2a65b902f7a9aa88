import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const WEEK_MS = 604_800_000;

/** Headers as axios has them: a class whose `get` takes a name in any case. */
class AxiosLikeHeaders {
  readonly #headers: Readonly<Record<string, string>>;

  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = headers;
  }

  get(name: string): string | undefined {
    return Object.entries(this.#headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
}

const withHeaders = (headers: unknown): Error =>
  Object.assign(new Error('429'), { response: { status: 429, headers } });

describe('the wait that a failed request asks for', () => {
  it.each([
    ['an axios error with plain headers', withHeaders({ 'retry-after': '7' })],
    ['an axios error with plain headers in capitals', withHeaders({ 'Retry-After': '7' })],
    ['an axios error with a number for a header', withHeaders({ 'retry-after': 7 })],
    ['an axios error with AxiosHeaders', withHeaders(new AxiosLikeHeaders({ 'Retry-After': '7' }))],
    [
      'an error with a Response of fetch',
      Object.assign(new Error('429'), {
        response: new Response(null, { status: 429, headers: { 'Retry-After': '7' } }),
      }),
    ],
    ['a Response of fetch itself', new Response(null, { status: 429, headers: { 'Retry-After': '7' } })],
    ['an error with headers of its own', Object.assign(new Error('429'), { headers: { 'retry-after': ' 7 ' } })],
    ['an object that is no error', { response: { headers: { 'retry-after': '7' } } }],
  ])('is read from %s', (_what, error) => {
    expect(retryAfterMs(error, NOW)).toBe(7_000);
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Thursday, 01-Jan-26 00:01:30 GMT', 90_000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['9999999999999', WEEK_MS],
    ['Thu, 01 Jan 2099 00:00:00 GMT', WEEK_MS],
  ])('of %j is %i ms', (value, ms) => {
    expect(retryAfterMs(withHeaders({ 'retry-after': value }), NOW)).toBe(ms);
  });

  it('counts from the present where no time is given', () => {
    const past = new Date(Date.now() - 60_000).toUTCString();
    expect(retryAfterMs(withHeaders({ 'retry-after': past }))).toBe(0);
  });

  it.each([
    ['an error without a response', new Error('no')],
    ['a response without headers', Object.assign(new Error('no'), { response: {} })],
    ['headers without it', withHeaders({ 'content-type': 'text/plain' })],
    ['AxiosHeaders without it', withHeaders(new AxiosLikeHeaders({}))],
    ['a Response without it', Object.assign(new Error('no'), { response: new Response() })],
    ['an empty header', withHeaders({ 'retry-after': '' })],
    ['words', withHeaders({ 'retry-after': 'soon: very' })],
    ['a negative number', withHeaders({ 'retry-after': '-5' })],
    ['a fraction', withHeaders({ 'retry-after': '1.5' })],
    ['a list', withHeaders({ 'retry-after': ['5', '6'] })],
    ['null', null],
    ['undefined', undefined],
    ['a text', 'retry-after: 5'],
    ['a number', 5],
  ])('is not there for %s', (_what, error) => {
    expect(retryAfterMs(error, NOW)).toBeUndefined();
  });

  it.each([
    [
      'response',
      {
        get response() {
          throw new Error('no');
        },
      },
    ],
    [
      'headers',
      {
        response: {
          get headers() {
            throw new Error('no');
          },
        },
      },
    ],
    [
      'header',
      withHeaders({
        get() {
          throw new Error('no');
        },
      }),
    ],
  ])('is not there where asking for the %s throws', (_what, error) => {
    expect(retryAfterMs(error, NOW)).toBeUndefined();
  });
});
