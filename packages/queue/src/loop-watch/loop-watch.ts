import { Worker } from 'node:worker_threads';
import type { ConfigOf, redisVariables } from '@xero-webhooks/runtime';
import type { AtWork } from '../at-work.ts';
import type { LoopWatchData } from './signals.ts';
import { SIGNALS } from './signals.ts';

/** The handler whose code is running. */
export type Culprit = { readonly jobId: string; readonly handler: string };

export type LoopWatch = {
  /** Says that the process stops in order: no event is to blame for runs that it leaves behind. */
  stopping(): void;
};

type Options = {
  atWork: AtWork;
  redis: ConfigOf<typeof redisVariables>;
  /** How long to remember a settled event, in milliseconds. */
  rememberMs: number;
  /** How long a job's lock lives, in milliseconds: the thread must have made its records before the lock ends. */
  lockMs: number;
  /** How long the event loop may be blocked while no handler is at work, in milliseconds. */
  timeoutMs: number;
  /** The handler whose code is running, if it can be told. */
  culprit: () => Culprit | undefined;
  /** Called with the handler that called `process.exit`, just before the process ends. */
  onExit: (culprit: Culprit, exitCode: number) => void;
};

/** How often the event loop shows that it turns, in milliseconds. */
const BEAT_MS = 250;

/** A loop that has not turned for this long counts as blocked, in milliseconds; less if locks are short. */
const MAX_STILL_MS = 1_500;

/**
 * How long an exit waits at most for the thread's records, in milliseconds: on a busy machine they take seconds. After a
 * stop in order that ran into its deadline, whoever stopped the process soon kills it.
 */
const LAST_WORDS_MS = 9_500;
const LAST_WORDS_IN_ORDER_MS = 4_000;

const MAX_CULPRIT_BYTES = 1_024;

/**
 * Watches the event loop of this process from another thread, which outlives it by a moment. If the loop is blocked for
 * longer than the handlers at work may take, plus some seconds, the thread ends the process. Before that, and before
 * `process.exit`, it records which events were at work and whether they are to blame, so that later runs need not find
 * out. Successes that Redis does not have yet are recorded as soon as the loop is blocked.
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
  // Without the thread, the process works on but is not watched.
  thread.on('error', () => clearInterval(timer));
  const timer = setInterval(() => Atomics.add(signals, SIGNALS.beat, 1), BEAT_MS);
  timer.unref();

  function sayLastWords(code: number): void {
    const known = culprit();
    const inOrder = Atomics.load(signals, SIGNALS.inOrder) === 1;
    if (known) {
      if (!inOrder) onExit(known, code);
      const text = Buffer.from(JSON.stringify(known)).subarray(0, MAX_CULPRIT_BYTES - 4);
      text.copy(name, 4);
      name.writeInt32LE(text.length, 0);
    }
    Atomics.store(signals, SIGNALS.exitCode, code);
    Atomics.store(signals, SIGNALS.exiting, 1);
    Atomics.notify(signals, SIGNALS.exiting);
    Atomics.wait(signals, SIGNALS.recorded, 0, inOrder ? LAST_WORDS_IN_ORDER_MS : LAST_WORDS_MS);
  }
  process.once('exit', sayLastWords);

  return { stopping: () => void Atomics.store(signals, SIGNALS.inOrder, 1) };
}
