/** A time limit that can be halted: the clock of an attempt stands still while it waits for others' sake. */
export type TimeLimit = {
  /** Aborted when the time is over, or when what it was given to follow is. */
  readonly signal: AbortSignal;
  /** Whether the time was over before anything else. */
  readonly expired: boolean;
  /** Halts the clock until the returned function is called. Several halts at once count as one. */
  halt(): () => void;
  /** Ends it, so that it never expires. */
  clear(): void;
};

/**
 * Starts a time limit.
 *
 * @param ms how long, in milliseconds, halts not counted
 * @param stop a signal that is followed until the limit is cleared
 */
export function createTimeLimit(ms: number, stop: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const follow = (): void => controller.abort(stop.reason);
  stop.addEventListener('abort', follow, { once: true });
  let expired = false;
  let left = ms;
  let halts = 0;
  let over = false;
  let startedAt = performance.now();
  let timer = start();

  function start(): NodeJS.Timeout {
    startedAt = performance.now();
    return setTimeout(() => {
      over = true;
      expired = !controller.signal.aborted;
      controller.abort(new Error(`timed out after ${ms} ms`));
    }, left);
  }

  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    halt() {
      if (halts++ === 0) {
        clearTimeout(timer);
        left = Math.max(0, left - (performance.now() - startedAt));
      }
      let halted = true;
      return () => {
        if (!halted) return;
        halted = false;
        if (--halts === 0 && !over) timer = start();
      };
    },
    clear() {
      over = true;
      clearTimeout(timer);
      stop.removeEventListener('abort', follow);
    },
  };
}
