import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchLoopDelay } from './loop-delay.ts';

/** Keeps the event loop of this process. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('the delay of the event loop', () => {
  it('is known as soon as the process goes on, also before any timer ran', () => {
    const delay = watchLoopDelay();
    onTestFinished(delay.stop);
    standStill(400);
    expect(delay.stoodStillMs(10_000)).toBeGreaterThanOrEqual(300);
  });

  it('is remembered for as far back as is asked', async () => {
    let time = 0;
    const delay = watchLoopDelay(() => time);
    onTestFinished(delay.stop);
    time = 1_050;
    await wait(120);
    time = 3_000;
    expect(delay.stoodStillMs(10_000)).toBe(1_000 + 1_900);
    expect(delay.stoodStillMs(2_500)).toBe(550 + 1_900);
    expect(delay.stoodStillMs(1_000)).toBe(1_000);
  });

  it('is nothing while the loop turns', async () => {
    let time = 0;
    const delay = watchLoopDelay(() => time);
    onTestFinished(delay.stop);
    for (let looks = 0; looks < 5; looks++) {
      time += 60;
      await wait(60);
    }
    expect(delay.stoodStillMs(10_000)).toBe(0);
  });
});
