import type { Read, ReadOptions } from '@xero-webhooks/handlers';

/** Somebody who waits for a read. It is settled once; what comes later is ignored. */
export type Waiter = {
  readonly settled: boolean;
  /** What is at work where it asked; see `ReadTracing`. */
  readonly asker: unknown;
  /** Ends when it is settled, however. */
  readonly end: Promise<void>;
  /** The read waits for its turn: whoever asked has their clock halted. */
  pause(): void;
  /** The read is on its way. */
  resume(): void;
  resolve(read: Read<unknown>): void;
  reject(error: Error): void;
};

type Options = {
  options: ReadOptions;
  /** How long it may wait for its turn in all, in milliseconds. */
  patienceMs: number;
  /** Called when that is over. */
  onLate: (waiter: Waiter) => void;
  /** @defaultValue nothing is traced */
  asker?: unknown;
};

/** A waiter, and the promise of what its read comes to. */
export function createWaiter({ options, patienceMs, onLate, asker }: Options): {
  waiter: Waiter;
  read: Promise<Read<unknown>>;
} {
  const { promise, resolve, reject } = Promise.withResolvers<Read<unknown>>();
  const end = Promise.withResolvers<void>();
  let settled = false;
  let left = patienceMs;
  let waiting: { resume: () => void; since: number; timer: NodeJS.Timeout } | undefined;

  function settle(how: () => void): void {
    if (settled) return;
    settled = true;
    waiter.resume();
    options.signal.removeEventListener('abort', onAbort);
    how();
    end.resolve();
  }

  const waiter: Waiter = {
    get settled() {
      return settled;
    },
    asker,
    end: end.promise,
    pause() {
      if (settled || waiting) return;
      waiting = { resume: options.onWait(), since: performance.now(), timer: setTimeout(() => onLate(waiter), left) };
    },
    resume() {
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
    waiter.reject(options.signal.reason instanceof Error ? options.signal.reason : new Error('aborted'));
  }
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  return { waiter, read: promise };
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
