import { describe, expect, it } from 'vitest';
import { createObserve } from './observe.ts';

describe('the observer of requests', () => {
  it('does not throw if the logger does', () => {
    let calls = 0;
    const full = (): never => {
      calls += 1;
      throw new Error('ENOSPC: no space left on device, write');
    };
    const log = { debug: full, info: full, warn: full, error: full };
    const observe = createObserve({ log, onlyDevelopmentKey: false });
    expect(() =>
      observe({ outcome: 'signature-mismatch', signed: true }, { bytes: 600, ms: 1, status: 401 }),
    ).not.toThrow();
    expect(() =>
      observe({ outcome: 'refused', reason: 'Redis is down' }, { bytes: 600, ms: 1, status: 503 }),
    ).not.toThrow();
    expect(calls).toBe(2);
  });
});
