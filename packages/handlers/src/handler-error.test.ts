import { describe, expect, it, onTestFinished } from 'vitest';
import { handlerError } from './handler-error.ts';

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
