import type { Read, ReadOptions } from '@xero-webhooks/handlers';

/** Somebody who waits for a read. It is settled once; what comes later is ignored. */
export type Ask = {
  readonly settled: boolean;
  /** Ends when it is settled, however. */
  readonly end: Promise<void>;
  /** The read waits for its turn: whoever asked has their clock halted. */
  wait(): void;
  /** The read is on its way. */
  go(): void;
  resolve(read: Read<unknown>): void;
  reject(error: Error): void;
};

type Options = {
  words: ReadOptions;
  /** How long it may wait for its turn in all, in milliseconds. */
  patienceMs: number;
  /** Called when that is over. */
  onLate: (ask: Ask) => void;
};

/** Makes an ask, and the promise of what it comes to. */
export function createAsk({ words, patienceMs, onLate }: Options): { ask: Ask; read: Promise<Read<unknown>> } {
  const { promise, resolve, reject } = Promise.withResolvers<Read<unknown>>();
  const end = Promise.withResolvers<void>();
  let settled = false;
  let left = patienceMs;
  let waiting: { resume: () => void; since: number; timer: NodeJS.Timeout } | undefined;

  function settle(how: () => void): void {
    if (settled) return;
    settled = true;
    ask.go();
    words.signal.removeEventListener('abort', onAbort);
    how();
    end.resolve();
  }

  const ask: Ask = {
    get settled() {
      return settled;
    },
    end: end.promise,
    wait() {
      if (settled || waiting) return;
      waiting = { resume: words.onWait(), since: performance.now(), timer: setTimeout(() => onLate(ask), left) };
    },
    go() {
      if (!waiting) return;
      clearTimeout(waiting.timer);
      left = Math.max(0, left - (performance.now() - waiting.since));
      waiting.resume();
      waiting = undefined;
    },
    resolve: (read) => settle(() => resolve(read)),
    reject: (error) => settle(() => reject(error)),
  };

  function onAbort(): void {
    ask.reject(words.signal.reason instanceof Error ? words.signal.reason : new Error('aborted'));
  }
  words.signal.addEventListener('abort', onAbort, { once: true });
  if (words.signal.aborted) onAbort();
  return { ask, read: promise };
}
