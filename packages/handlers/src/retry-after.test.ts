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

/** What xero-node makes of a failed request. */
const xeroNode = (headers: object): object => ({
  response: { statusCode: 429, body: '', headers, request: { headers: { authorization: 'Bearer x' } } },
  body: '',
});

function throwingGet(): object {
  return {
    get() {
      throw new Error('no');
    },
  };
}

function endless(): Error {
  const error = new Error('a');
  error.cause = new Error('b', { cause: error });
  return error;
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
    ['the JSON text of xero-node', JSON.stringify(xeroNode({ 'retry-after': '7' }))],
    ['that text with spaces around it', `\n ${JSON.stringify(xeroNode({ 'Retry-After': 7 }), null, 2)} `],
    ['an error whose message is that text', new Error(JSON.stringify(xeroNode({ 'retry-after': '7' })))],
    ['the object of xero-node', xeroNode({ 'retry-after': '7' })],
    [
      'an error of got',
      Object.assign(new Error('429'), { response: { statusCode: 429, headers: { 'retry-after': '7' } } }),
    ],
    ['an error of undici', Object.assign(new Error('429'), { statusCode: 429, headers: { 'retry-after': ['7'] } })],
    ['headers in turn', Object.assign(new Error('429'), { headers: ['server', 'nginx', 'Retry-After', '7'] })],
    ['headers in turn, as bytes', { rawHeaders: [Buffer.from('Retry-After'), Buffer.from('7')] }],
    [
      'headers in pairs',
      withHeaders([
        ['set-cookie', 'a'],
        ['retry-after', '7'],
      ]),
    ],
    ['headers by name and value', withHeaders([{ name: 'Retry-After', value: '7' }])],
    ['a value in turn that is a list', withHeaders(['set-cookie', ['a', 'b'], 'retry-after', '7'])],
    ['a Map', withHeaders(new Map([['Retry-After', '7']]))],
    ['headers whose get throws', withHeaders(Object.assign(throwingGet(), { 'retry-after': '7' }))],
    ['superagent', Object.assign(new Error('429'), { response: { header: { 'retry-after': '7' } } })],
    [
      'the AWS SDK',
      Object.assign(new Error('429'), { $response: { statusCode: 429, headers: { 'retry-after': '7' } } }),
    ],
    ['a cause', new Error('sync failed', { cause: withHeaders({ 'retry-after': '7' }) })],
    ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: withHeaders({ 'retry-after': '7' }) }) })],
    ['a cause that is a text', new Error('a', { cause: JSON.stringify(xeroNode({ 'retry-after': '7' })) })],
    [
      'several that failed together, the longest',
      new AggregateError([new Error('no'), withHeaders({ 'retry-after': '5' }), withHeaders({ 'retry-after': '7' })]),
    ],
    [
      'the nearest',
      Object.assign(withHeaders({ 'retry-after': '7' }), { cause: withHeaders({ 'retry-after': '99' }) }),
    ],
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
    ['JSON of something else', '{"a":1}'],
    ['JSON that is cut off', '{"response":{"headers":{"retry-after":"7"'],
    ['an endless chain', endless()],
    ['a long header', withHeaders({ 'retry-after': '1'.repeat(1_000) })],
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
