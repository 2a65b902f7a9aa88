import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handlerError } from './handler-error.ts';
import { retryAfterMs } from './retry-after.ts';

const TOKEN = `eyJ${'a'.repeat(80)}.${'b'.repeat(80)}.${'c'.repeat(80)}`;

/** What xero-node rejects with, as an object. */
const answer = {
  response: {
    statusCode: 400,
    body: { Type: null, Title: 'Bad Request', Detail: 'a validation exception' },
    headers: { 'content-type': 'application/json' },
    request: { url: { host: 'api.xero.com' }, headers: { authorization: `Bearer ${TOKEN}` }, method: 'GET' },
  },
  body: { Type: null, Title: 'Bad Request', Detail: 'a validation exception' },
};

const SAID =
  'the handler threw an answer with status 400: {"Type":null,"Title":"Bad Request","Detail":"a validation exception"}';

describe('an error of what a handler threw', () => {
  it.each([
    ['the JSON text of xero-node', JSON.stringify(answer)],
    ['an error with that text', new Error(JSON.stringify(answer))],
    ['its object', answer],
  ])('says which answer there was, and shows no token: %s', (_what, thrown) => {
    const error = handlerError(thrown);
    expect(error.message).toBe(SAID);
    expect(error.stack).not.toContain('aaaa');
    expect(error.stack).not.toContain('api.xero.com');
  });

  it('has the causes in its stack', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { cause: 'the port is closed' });
    const { message, stack } = handlerError(new TypeError('fetch failed', { cause: refused }));
    expect(message).toBe('fetch failed');
    expect(stack).toMatch(/^TypeError: fetch failed\n {4}at [^]*\ncaused by Error: connect ECONNREFUSED\n {4}at /);
    expect(stack).toMatch(/\ncaused by Error: the port is closed$/);
    const long = handlerError(new Error('x'.repeat(10_000), { cause: new Error('y'.repeat(10_000)) }));
    expect(long.stack).toMatch(/\ncaused by Error: yyy/);
    expect(long.stack!.length).toBeLessThanOrEqual(4_000);
  });

  it('keeps the frames of an error whose message is such a text', () => {
    expect(handlerError(new Error(JSON.stringify(answer))).stack).toContain('handler-error.test.ts');
  });

  it.each<[string, unknown, string]>([
    ['a Response', new Response('no', { status: 503 }), 'the handler threw an answer with status 503'],
    ['a text', 'no database', 'the handler threw no database'],
    ['a text that only begins as JSON', '{"response": ', 'the handler threw {"response":'],
    ['JSON of something else', '{"a":1}', 'the handler threw {"a":1}'],
    ['a bigint', 12n, 'the handler threw 12'],
    ['a function', function record() {}, 'the handler threw [function record]'],
    ['an error', new TypeError('no'), 'no'],
  ])('says what was thrown: %s', (_what, thrown, message) => {
    expect(handlerError(thrown).message.trim()).toBe(message);
  });

  it('is made of anything, and looked through for a wait', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withTypedArray: true });
    const names = fc.constantFrom(
      'response',
      'headers',
      'rawHeaders',
      'cause',
      'errors',
      'message',
      'stack',
      'status',
      'get',
    );
    fc.assert(
      fc.property(
        fc.oneof(anything, fc.dictionary(names, fc.oneof(anything, fc.dictionary(names, anything)))),
        (thrown) => {
          expect(handlerError(thrown).message).toBeTypeOf('string');
          expect(retryAfterMs(thrown) ?? 0).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('says that an await is missing where a promise was thrown, whose rejection ends nothing', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    onTestFinished(() => void process.off('unhandledRejection', listener));
    expect(handlerError(Promise.reject(new Error('no'))).message).toBe(
      'the handler threw a promise: an await is missing',
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});
