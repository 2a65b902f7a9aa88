import { Writable } from 'node:stream';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { errorFields } from './error-fields.ts';

describe('the fields of an error', () => {
  it('say what went wrong, and leave out what a client was doing', async () => {
    const client = new Redis(inject('redis').url);
    onTestFinished(() => client.disconnect());
    const error = await client.call('SET', 'key', 'a-secret', 'NONSENSE').catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).toContain('a-secret');
    const fields = errorFields(error);
    expect(fields.message).toContain('ERR');
    expect(JSON.stringify(fields)).not.toContain('a-secret');
  });

  it('keep code and cause, within bounds', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    expect(errorFields(new Error('x'.repeat(100_000), { cause }))).toMatchObject({
      type: 'Error',
      message: expect.stringMatching(/^x{1900,}… \(100000 characters\)$/),
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    });
    const loop = new Error('loop');
    loop.cause = loop;
    expect(JSON.stringify(errorFields(loop)).length).toBeLessThan(20_000);
  });

  it('stand for what is no error', () => {
    expect(errorFields('text')).toEqual({ type: 'string', message: 'text' });
    expect(errorFields(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
  });

  it.each([
    ['an error whose fields throw', throwingError()],
    [
      'an error whose fields are no texts',
      Object.assign(new Error('x'), { name: 5, message: {}, stack: [], cause: 1n }),
    ],
    ['a revoked proxy', revokedProxy()],
    ['an object without a prototype', Object.create(null)],
    ['a symbol', Symbol('no')],
    ['a rejected promise', rejected()],
  ])('are texts whatever is thrown: %s', (_what, thrown) => {
    expect(errorFields(thrown)).toMatchObject({ type: expect.any(String), message: expect.any(String) });
  });

  it('serve as a serializer of pino', () => {
    const lines: string[] = [];
    const stream = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
    const error = Object.assign(new Error('oops'), { config: { headers: { authorization: 'Bearer a-secret' } } });
    pino({ serializers: { err: errorFields } }, stream).error({ err: error }, 'failed');
    expect(lines.join('')).toContain('oops');
    expect(lines.join('')).not.toContain('a-secret');
  });
});

function throwingError(): Error {
  const error = new Error('x');
  for (const name of ['name', 'message', 'stack', 'cause', 'code', 'toString']) {
    Object.defineProperty(error, name, {
      get() {
        throw new Error('no');
      },
    });
  }
  return error;
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
  revoke();
  return proxy;
}

function rejected(): Promise<never> {
  const promise = Promise.reject(new Error('no'));
  promise.catch(() => undefined);
  return promise;
}
