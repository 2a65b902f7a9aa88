export type LoopDelay = {
  /**
   * How long the process stood still: it was stopped, had no processor, or never yielded.
   *
   * @param withinMs how far to look back, in milliseconds, at most a minute
   * @returns milliseconds; delays below a tenth of a second count as 0
   */
  stoodStillMs(withinMs: number): number;
  stop(): void;
};

/** The reason to give when this process, and not Redis or Xero, was too late. */
export const STOOD_STILL = 'this process was too busy';

/** How often the delay is measured, in milliseconds. */
const LOOK_MS = 50;

/** A shorter delay is normal in a busy process, in milliseconds. */
const MIN_DELAY_MS = 100;

/** How long delays are remembered, in milliseconds. */
const MEMORY_MS = 60_000;

/**
 * Measures the delay of the event loop with a timer: everything else was as late as the timer is. An answer that seems to
 * be missing may have arrived without being read.
 */
export function watchLoopDelay(now: () => number = () => performance.now()): LoopDelay {
  const delays: { end: number; ms: number }[] = [];
  let last = now();

  function look(): void {
    const time = now();
    const late = time - last - LOOK_MS;
    last = time;
    while (delays[0] && delays[0].end < time - MEMORY_MS) delays.shift();
    if (late >= MIN_DELAY_MS) delays.push({ end: time, ms: late });
  }

  const timer = setInterval(look, LOOK_MS).unref();
  return {
    stoodStillMs(withinMs) {
      const time = now();
      // The caller may run before the timer does.
      if (time - last >= LOOK_MS) look();
      const from = time - withinMs;
      return delays.reduce((sum, { end, ms }) => sum + Math.max(0, Math.min(ms, end - from)), 0);
    },
    stop: () => clearInterval(timer),
  };
}
