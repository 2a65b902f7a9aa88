/** A time limit that can be paused: waits for Xero's limits do not count against an attempt. */
export type TimeLimit = {
  /** Aborted when the time is up, or when `stop` is aborted. */
  readonly signal: AbortSignal;
  /** Whether the time was up before `stop` was aborted. */
  readonly expired: boolean;
  /** Pauses the clock until the returned function is called. Overlapping pauses count as one. */
  pause(): () => void;
  /** It never expires after this. */
  clear(): void;
};

/**
 * @param ms the limit in milliseconds, without pauses; the clock starts at once
 * @param stop aborts `signal` too, until the limit is cleared
 */
export function createTimeLimit(ms: number, stop: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const follow = (): void => controller.abort(stop.reason);
  stop.addEventListener('abort', follow, { once: true });
  let expired = false;
  let left = ms;
  let pauses = 0;
  let over = false;
  let startedAt = performance.now();
  let timer = start();

  function start(): NodeJS.Timeout {
    startedAt = performance.now();
    return setTimeout(() => {
      over = true;
      expired = !controller.signal.aborted;
      // By its name, a client knows that the other side was too slow.
      controller.abort(Object.assign(new Error(`timed out after ${ms} ms`), { name: 'TimeoutError' }));
    }, left);
  }

  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    pause() {
      if (pauses++ === 0) {
        clearTimeout(timer);
        left = Math.max(0, left - (performance.now() - startedAt));
      }
      let paused = true;
      return () => {
        if (!paused) return;
        paused = false;
        if (--pauses === 0 && !over) timer = start();
      };
    },
    clear() {
      over = true;
      clearTimeout(timer);
      stop.removeEventListener('abort', follow);
    },
  };
}
