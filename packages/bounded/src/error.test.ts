import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedError, MAX_MESSAGE, MAX_STACK } from './error.ts';

const texts = (error: Error): string => JSON.stringify([error.name, error.message, error.stack]);

describe('an error that was thrown', () => {
  it('keeps what it says', () => {
    const cause = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new RangeError('no', { cause }), { code: 'E_NO', request: { token: 'x' } });
    const copy = boundedError(error);
    expect(copy).toMatchObject({
      name: 'RangeError',
      message: 'no',
      code: 'E_NO',
      stack: error.stack,
      cause: { name: 'TypeError', message: 'refused', code: 'ECONNREFUSED' },
    });
    expect(copy).not.toHaveProperty('request');
  });

  it('keeps the frames of its stack where its message is long', () => {
    const error = new Error(`no\n    at nowhere\n${'x'.repeat(50_000_000)}`);
    const { message, stack } = boundedError(error);
    expect(message).toHaveLength(MAX_MESSAGE);
    expect(message).toMatch(/ \(50000018 characters\)$/);
    expect(stack).toContain('error.test.ts');
    expect(stack!.length).toBeLessThanOrEqual(MAX_STACK);
  });

  it.each<[string, () => unknown, string]>([
    ['of another realm', () => runInNewContext('new TypeError("no")'), 'no'],
    ['that only looks like one', () => ({ name: 'HttpError', message: 'no', stack: 'HttpError: no' }), 'no'],
    [
      'that inherits from Error',
      () => Object.assign(Object.create(Error.prototype) as object, { message: 'no' }),
      'no',
    ],
    ['that is frozen', () => Object.freeze(new Error('no')), 'no'],
    ['without a message', () => new Error(), 'Error'],
    ['without a message, with a code', () => Object.assign(new Error(), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['that stands for several', () => new AggregateError([new Error('one'), new Error('two')]), 'one; two'],
    ['whose message is an object', () => Object.assign(new Error(), { message: { a: 1 } }), '{"a":1}'],
    ['whose message is a symbol', () => Object.assign(new Error(), { message: Symbol('s') }), 'Symbol(s)'],
    ['whose message throws', () => withThrowing('message'), 'Error without a message that can be read'],
    ['whose stack throws', () => withThrowing('stack'), 'no'],
    ['whose name throws', () => withThrowing('name'), 'no'],
    ['whose cause throws', () => withThrowing('cause'), 'no'],
    ['whose toString throws', () => withThrowing('toString'), 'no'],
    ['that is its own cause', () => ownCause(), 'no'],
    ['whose stack is a number', () => Object.assign(new Error('no'), { stack: 5 }), 'no'],
    ['whose name is a function', () => Object.assign(new Error('no'), { name: () => {} }), 'no'],
    ['whose name and code are 50 MB', () => Object.assign(new Error('no'), { name: big(), code: big() }), 'no'],
    ['whose cause is 50 MB', () => new Error('no', { cause: new Error(big()) }), 'no'],
    ['whose stack is 50 MB', () => Object.assign(new Error('no'), { stack: big() }), 'no'],
  ])('is a small and plain one: one %s', (_what, make, message) => {
    const copy = boundedError(make());
    expect(copy.message).toBe(message);
    expect(copy.name).toBeTypeOf('string');
    expect(copy.stack).toBeTypeOf('string');
    expect(texts(copy).length).toBeLessThan(2 * (MAX_MESSAGE + MAX_STACK));
  });

  it('ends a chain of causes, and a circle of them', () => {
    let error = new Error('0');
    for (let at = 1; at < 1_000; at++) error = new Error(String(at), { cause: error });
    expect(boundedError(error)).toMatchObject({ cause: { cause: { cause: { message: '996' } } } });
    const circle = new Error('a');
    circle.cause = new Error('b', { cause: circle });
    expect(boundedError(circle)).toMatchObject({ message: 'a', cause: { message: 'b' } });
  });

  it('leaves an access token out of message and stack', () => {
    const token = `eyJ${'a'.repeat(60)}.${'b'.repeat(60)}`;
    expect(texts(boundedError(new Error(`GET failed: {"authorization":"Bearer ${token}"}`)))).not.toContain('aaaa');
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(boundedError(value)).toMatchObject({ message: expect.any(String), stack: expect.any(String) });
      }),
    );
  });
});

function big(): string {
  return 'x'.repeat(50_000_000);
}

function withThrowing(name: string): Error {
  return Object.defineProperty(new Error('no'), name, {
    get() {
      throw new Error('it threw');
    },
  });
}

function ownCause(): Error {
  const error = new Error('no');
  error.cause = error;
  return error;
}
