import { Worker } from 'node:worker_threads';
import type { ConfigOf, redisVariables } from '@xero-webhooks/runtime';
import type { AtWork } from '../at-work.ts';
import type { LoopWatchData } from './signals.ts';
import { SIGNALS } from './signals.ts';

/** The handler whose code runs just now. */
export type Culprit = { readonly jobId: string; readonly handler: string };

export type LoopWatch = {
  /** The process stops in order: what it leaves behind is no event's fault. */
  stopping(): void;
};

type Options = {
  atWork: AtWork;
  redis: ConfigOf<typeof redisVariables>;
  /** How long a settled event is remembered, in milliseconds. */
  rememberMs: number;
  /** How long a job's lock lives, in milliseconds: what is to be recorded has to be there before it ends. */
  lockMs: number;
  /** How long the event loop may stand still where no handler at work says otherwise, in milliseconds. */
  timeoutMs: number;
  /** Whose code runs just now, as far as that can be told. */
  culprit: () => Culprit | undefined;
  /** Told whose code has called `process.exit`, just before the process ends. */
  onExit: (culprit: Culprit, exitCode: number) => void;
};

const BEAT_MS = 250;

/** A loop that has not turned for this long, in milliseconds, stands still; where locks are short it is less. */
const MAX_STILL_MS = 1_500;

/** How long an exit waits until its last words are recorded, in milliseconds. */
const LAST_WORDS_MS = 2_000;

const MAX_CULPRIT_BYTES = 1_024;

/**
 * Watches the event loop of this process from another thread, which outlives it by a moment. A loop that stands still for
 * longer than the handlers at work may take, and some seconds, ends the process. Whether it ends by that or by
 * `process.exit`, the thread records which events were at work and what is known of their part in it, so that the next
 * run need not find out; a success that Redis has yet to hear of is recorded as soon as the loop stands still.
 */
export function startLoopWatch({ atWork, redis, rememberMs, lockMs, timeoutMs, culprit, onExit }: Options): LoopWatch {
  const signals = new Int32Array(new SharedArrayBuffer(4 * SIGNALS.length));
  const name = Buffer.from(new SharedArrayBuffer(MAX_CULPRIT_BYTES));
  const data: LoopWatchData = {
    signals: signals.buffer,
    atWork: atWork.memory,
    culprit: name.buffer,
    redis,
    rememberMs,
    stillMs: Math.min(MAX_STILL_MS, lockMs / 4),
    timeoutMs,
  };
  const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData: data });
  thread.unref();
  // Without it the process only loses its witness.
  thread.on('error', () => clearInterval(timer));
  const timer = setInterval(() => Atomics.add(signals, SIGNALS.beat, 1), BEAT_MS);
  timer.unref();

  function sayLastWords(code: number): void {
    const known = culprit();
    if (known) {
      if (Atomics.load(signals, SIGNALS.inOrder) === 0) onExit(known, code);
      const text = Buffer.from(JSON.stringify(known)).subarray(0, MAX_CULPRIT_BYTES - 4);
      text.copy(name, 4);
      name.writeInt32LE(text.length, 0);
    }
    Atomics.store(signals, SIGNALS.exitCode, code);
    Atomics.store(signals, SIGNALS.exiting, 1);
    Atomics.notify(signals, SIGNALS.exiting);
    Atomics.wait(signals, SIGNALS.recorded, 0, LAST_WORDS_MS);
  }
  process.once('exit', sayLastWords);

  return { stopping: () => void Atomics.store(signals, SIGNALS.inOrder, 1) };
}
