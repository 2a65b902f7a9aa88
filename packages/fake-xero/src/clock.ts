/** The fake Xero's clock. Give its `now` to the code under test too, so that both agree. */
export type FakeClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Waits by this clock.
   *
   * @throws the signal's reason if it is aborted first
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Moves the time forward: tokens expire, new windows of the limits begin, and sleeps end. */
  readonly advance: (ms: number) => void;
};

type Sleeper = { readonly dueAt: number; readonly wake: () => void };

/**
 * @param options `stoppedAt` (milliseconds since 1970) is where it stands until it is advanced. Without it, the clock
 *   runs with the machine's time, plus what it was advanced.
 */
export function createClock({ stoppedAt }: { stoppedAt?: number } = {}): FakeClock {
  const sleepers = new Set<Sleeper>();
  let ahead = 0;
  const now = (): number => (stoppedAt ?? Date.now()) + ahead;

  return {
    now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms <= 0) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { dueAt: now() + ms, wake: resolve };
      const timer = stoppedAt === undefined ? setTimeout(resolve, ms) : undefined;
      const abort = (): void => reject(signal?.reason);
      sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        await promise;
      } finally {
        sleepers.delete(sleeper);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      }
    },
    advance(ms) {
      ahead += ms;
      for (const sleeper of sleepers) if (sleeper.dueAt <= now()) sleeper.wake();
    },
  };
}
