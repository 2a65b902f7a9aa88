import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTimeLimit } from './time-limit.ts';

const never = new AbortController().signal;

/** Time that only the test moves. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('a time limit', () => {
  it('is over after its time', () => {
    stopTime();
    const limit = createTimeLimit(100, never);
    vi.advanceTimersByTime(99);
    expect(limit.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError', message: 'timed out after 100 ms' });
    expect(limit.expired).toBe(true);
  });

  it('ends with the signal that it follows, which is no expiry, then or later', () => {
    stopTime();
    const stop = new AbortController();
    const limit = createTimeLimit(100, stop.signal);
    const reason = new Error('shutting down');
    stop.abort(reason);
    expect(limit.signal.reason).toBe(reason);
    vi.advanceTimersByTime(1_000);
    expect(limit).toMatchObject({ expired: false, signal: { reason } });
  });

  it('follows nothing any more once it is cleared', () => {
    const stop = new AbortController();
    const limit = createTimeLimit(100, stop.signal);
    limit.clear();
    stop.abort();
    expect(limit.signal.aborted).toBe(false);
  });

  it('does not count what is paused, however many pauses overlap', () => {
    stopTime();
    const limit = createTimeLimit(100, never);
    vi.advanceTimersByTime(60);
    const first = limit.pause();
    const second = limit.pause();
    vi.advanceTimersByTime(1_000);
    first();
    first();
    vi.advanceTimersByTime(1_000);
    expect(limit.signal.aborted).toBe(false);
    second();
    vi.advanceTimersByTime(39);
    expect(limit.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(limit.signal.aborted).toBe(true);
  });

  it('never ends once it is cleared, also where it was paused then', () => {
    stopTime();
    const limit = createTimeLimit(100, never);
    const resume = limit.pause();
    limit.clear();
    resume();
    vi.advanceTimersByTime(1_000);
    expect(limit.signal.aborted).toBe(false);
  });
});
