import { describe, expect, it } from 'vitest';
import type { LogTarget } from './handler-log.ts';
import { createHandlerLog } from './handler-log.ts';

/** Writes lines as pino does, as far as it matters here: everything becomes JSON. */
function written(enabled: (level: string) => boolean = () => true) {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (...args: unknown[]): void =>
      void lines.push(JSON.stringify([level, ...args], (_name, value: unknown) => plain(value)));
  const target: LogTarget = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isLevelEnabled: enabled,
  };
  return { log: createHandlerLog(target), lines };
}

function plain(value: unknown): unknown {
  return value instanceof Error ? { type: value.name, message: value.message } : value;
}

describe('the log of a handler', () => {
  it('writes fields and messages as they are', () => {
    const { log, lines } = written();
    log.info({ number: 'INV-1', total: 5, at: new Date(0) }, 'invoice changed');
    log.warn('careful');
    log.error({ err: new TypeError('no'), id: 1 }, 'failed');
    (log.error as (error: Error) => void)(new RangeError('whole'));
    expect(lines).toEqual([
      '["info",{"number":"INV-1","total":5,"at":"1970-01-01T00:00:00.000Z"},"invoice changed"]',
      '["warn","careful"]',
      '["error",{"err":{"type":"TypeError","message":"no"},"id":1},"failed"]',
      '["error",{"type":"RangeError","message":"whole"}]',
    ]);
  });

  it('looks at nothing that is not written', () => {
    const { log, lines } = written((level) => level !== 'debug');
    let looked = false;
    log.debug({
      get costly() {
        return (looked = true);
      },
    });
    expect([looked, lines]).toEqual([false, []]);
  });

  it.each<[string, () => unknown[]]>([
    ['50 MB in a field', () => [{ text: 'x'.repeat(50_000_000) }]],
    ['50 MB in the message', () => ['x'.repeat(50_000_000)]],
    ['50 MB behind the message', () => [{}, 'a %s', 'x'.repeat(50_000_000)]],
    ['a large array', () => [{ items: Array(5_000_000).fill('a') }]],
    ['an array for fields', () => [Array(5_000_000).fill('a')]],
    ['an error of 50 MB', () => [{ err: new Error('x'.repeat(50_000_000)) }]],
    ['such an error itself', () => [new Error('x'.repeat(50_000_000))]],
    ['a cycle', () => [circle()]],
    ['a getter that throws', () => [throwing()]],
    ['an err that throws', () => [throwing('err')]],
    ['a revoked proxy', () => [revoked()]],
    ['a bigint', () => [{ amount: 5n }]],
    ['a symbol', () => [Symbol('x')]],
    ['nothing', () => []],
    ['null', () => [null]],
  ])('writes a line of a bounded length, and returns, for %s', (_what, args) => {
    const { log, lines } = written();
    (log.info as (...args: unknown[]) => void)(...args());
    expect(lines).toHaveLength(1);
    expect(lines[0]!.length).toBeLessThan(40_000);
  });

  it('says so where a line cannot be written', () => {
    const { lines } = written();
    const target: LogTarget = {
      debug: () => {},
      info: (first) => {
        if (typeof first !== 'string') throw new Error('no');
        lines.push(first);
      },
      warn: () => {},
      error: () => {},
    };
    createHandlerLog(target).info({ a: 1 }, 'a line');
    expect(lines).toEqual(['a log line of this handler cannot be shown']);
  });
});

function circle(): object {
  const value: Record<string, unknown> = { a: 1 };
  value['self'] = value;
  return value;
}

function throwing(name = 'bad'): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
