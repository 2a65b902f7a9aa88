import { expect, describe, it, onTestFinished, vi } from 'vitest';
import { expireInOrder } from './expire-in-order.ts';

function fakeTime(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('work with a clock', () => {
  it('expires in the order in which it began, unless its clock is stopped', async () => {
    fakeTime();
    const startClock = expireInOrder({ maxMs: 1_000, lookEveryMs: 100 });
    const expired: string[] = [];
    startClock(() => expired.push('first'));
    const stop = startClock(() => expired.push('stopped'));
    await vi.advanceTimersByTimeAsync(500);
    startClock(() => expired.push('last'));
    stop();
    await vi.advanceTimersByTimeAsync(400);
    expect(expired).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(expired).toEqual(['first']);
    await vi.advanceTimersByTimeAsync(500);
    expect(expired).toEqual(['first', 'last']);
  });

  it('leaves no timer running once there is none', async () => {
    fakeTime();
    const startClock = expireInOrder({ maxMs: 1_000, lookEveryMs: 100 });
    const stop = startClock(() => {});
    expect(vi.getTimerCount()).toBe(1);
    stop();
    await vi.advanceTimersByTimeAsync(200);
    expect(vi.getTimerCount()).toBe(0);
    const expired = vi.fn<() => void>();
    startClock(expired);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(expired).toHaveBeenCalledOnce();
  });
});
