/** A time limit that can be halted: the clock of an attempt stands still while it waits for others' sake. */
export type TimeLimit = {
  readonly signal: AbortSignal;
  /** Halts the clock until the returned function is called. Several halts at once count as one. */
  halt(): () => void;
  /** Ends it, so that it never expires. */
  clear(): void;
};

/**
 * Starts a time limit.
 *
 * @param ms how long, in milliseconds, halts not counted
 */
export function createTimeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  let left = ms;
  let halts = 0;
  let over = false;
  let startedAt = performance.now();
  let timer = start();

  function start(): NodeJS.Timeout {
    startedAt = performance.now();
    return setTimeout(() => {
      over = true;
      controller.abort(new Error(`timed out after ${ms} ms`));
    }, left);
  }

  return {
    signal: controller.signal,
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
    },
  };
}
