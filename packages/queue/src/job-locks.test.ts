import { createLogger } from '@xero-webhooks/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobLocks } from './job-locks.ts';
import { createJobLocks } from './job-locks.ts';

const LOCK_MS = 60_000;

function locks(): JobLocks {
  const made = createJobLocks({ extend: async () => [], lockMs: LOCK_MS, log: createLogger('test', 'silent') });
  onTestFinished(made.stop);
  return made;
}

describe("a job's lock", () => {
  it('is kept where the job was taken just now', () => {
    const made = locks();
    expect(made.keep('x1', 'token', performance.now()).signal.aborted).toBe(false);
    expect(made.size).toBe(1);
  });

  it('counts as lost at once where the news of it came so late that others may have the job', () => {
    const made = locks();
    const { signal, release } = made.keep('x1', 'token', performance.now() - LOCK_MS);
    expect(signal.aborted).toBe(true);
    expect(made.size).toBe(0);
    release();
  });

  it('ends with the keeping of it, and with all others', () => {
    const made = locks();
    const [one, other] = [made.keep('x1', 'a', performance.now()), made.keep('x2', 'b', performance.now())];
    one.release();
    made.stopAll();
    expect(one.signal.aborted).toBe(false);
    expect(other.signal.reason).toMatchObject({ message: 'the worker is stopping' });
    expect(made.size).toBe(0);
  });
});
