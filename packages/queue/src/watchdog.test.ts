import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { testQueueRedis } from './testing/queue-redis.ts';
import { testPrefix } from '@xero-webhooks/testing';
import { openQueue } from './open-queue.ts';
import type { WorkerSight } from './watchdog.ts';
import { lookAtWorker, startWatchdog } from './watchdog.ts';

/** Watches a worker that looks as told, through a number of looks; returns how often it was found stuck. */
async function watch(look: () => WorkerSight, looks = 30): Promise<number> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  let stuck = 0;
  const stop = startWatchdog({
    look: async () => look(),
    patienceMs: 1_000,
    intervalMs: 100,
    onStuck: () => void stuck++,
  });
  for (let times = 0; times < looks; times++) await vi.advanceTimersByTimeAsync(100);
  stop();
  return stuck;
}

describe('the watchdog', () => {
  it('notices a worker that takes none of the jobs that wait', async () => {
    expect(await watch(() => ({ waiting: true, active: 0, idleMs: 5_000 }))).toBeGreaterThan(0);
  });

  it.each([
    ['no jobs wait, or the queue is paused', { waiting: false, active: 0, idleMs: 5_000 }],
    ['the worker has jobs at work', { waiting: true, active: 1, idleMs: 5_000 }],
    ['the worker has done something lately', { waiting: true, active: 0, idleMs: 500 }],
  ])('is quiet while %s', async (_what, sight) => {
    expect(await watch(() => sight)).toBe(0);
  });

  it('is patient', async () => {
    expect(await watch(() => ({ waiting: true, active: 0, idleMs: 5_000 }), 9)).toBe(0);
  });

  it('begins anew whenever the worker was seen at work', async () => {
    let looks = 0;
    expect(await watch(() => ({ waiting: true, active: ++looks % 5 === 0 ? 1 : 0, idleMs: 5_000 }))).toBe(0);
  });

  it('is quiet while Redis does not answer', async () => {
    expect(
      await watch(() => {
        throw new Error('no answer');
      }),
    ).toBe(0);
  });
});

describe('the look at a worker', () => {
  it('sees jobs that wait, but not while the queue is paused', async () => {
    const queue = openQueue(await testQueueRedis(testPrefix()), 0);
    const look = lookAtWorker(queue, { active: 0, lastProgress: performance.now() });
    expect((await look()).waiting).toBe(false);
    await queue.add('invoice.updated', {} as never, { jobId: 'x1' });
    expect((await look()).waiting).toBe(true);
    await queue.pause();
    expect((await look()).waiting).toBe(false);
  });
});
