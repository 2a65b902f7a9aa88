import { EventEmitter } from 'node:events';
import type { Worker } from 'bullmq';
import type { Log } from '@xero-webhooks/runtime';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pauseWhileRedisRefuses } from './pause-while-redis-refuses.ts';
import type { JobLocks } from './job-locks.ts';

type Line = { msg: string; reason?: string; waitMs?: number };

/** A worker that tries again as soon as it may, and what is logged of it. */
function refusedWorker() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const worker = new EventEmitter();
  const lines: Line[] = [];
  const write = (fields: object, msg: string): void => void lines.push({ ...fields, msg });
  let paused = false;
  const pause = (_reason: string, now: boolean): void => {
    paused = now;
  };
  const faults = { knows: () => false } as unknown as Parameters<typeof pauseWhileRedisRefuses>[3];
  const log = { warn: write, info: write } as unknown as Log;
  const stop = pauseWhileRedisRefuses(worker as unknown as Worker, pause, { size: 0 } as JobLocks, faults, log, 0);
  onTestFinished(stop);
  return {
    lines,
    complete: () => worker.emit('completed'),
    refuse(word: string, seconds: number) {
      for (let ms = 0; ms < seconds * 1_000; ms += 50) {
        if (!paused) worker.emit('error', Object.assign(new Error(`${word} no`), { name: 'ReplyError' }));
        vi.advanceTimersByTime(50);
      }
    },
  };
}

describe('a worker that Redis refuses', () => {
  it('says so at once, and then ever less often', () => {
    const { refuse, lines } = refusedWorker();
    refuse('OOM', 3_600);
    expect(lines[0]).toMatchObject({ msg: 'worker backs off from Redis', reason: 'Redis answers OOM', waitMs: 100 });
    expect(lines.at(-1)).toMatchObject({ waitMs: 5_000 });
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.length).toBeLessThan(18);
  });

  it('says so again when the reason changes, and when it is over', () => {
    const { refuse, complete, lines } = refusedWorker();
    refuse('OOM', 1);
    refuse('MISCONF', 6);
    complete();
    complete();
    refuse('MISCONF', 10);
    const news = lines.map(({ msg, reason }) => reason ?? msg).filter((line, at, all) => line !== all[at - 1]);
    expect(news).toEqual([
      'Redis answers OOM',
      'Redis answers MISCONF',
      'Redis takes what the worker writes again',
      'Redis answers MISCONF',
    ]);
  });
});
