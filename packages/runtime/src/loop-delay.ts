/** What is known of how long the event loop of this process has stood still. */
export type LoopDelay = {
  /**
   * For how long the process stood still: it was stopped, had no processor, or was at work without a pause.
   *
   * @param withinMs how far to look back, in milliseconds, at most a minute
   * @returns milliseconds; what is shorter than a tenth of a second counts as nothing
   */
  stoodStillMs(withinMs: number): number;
  stop(): void;
};

/** What is said of Redis, or of whoever else was too late, where it was this process. */
export const STOOD_STILL = 'this process was too busy';

/** How often the loop is looked at, in milliseconds. */
const LOOK_MS = 50;

/** A shorter delay is the work of a busy process, in milliseconds. */
const MIN_DELAY_MS = 100;

/** How far back it is remembered, in milliseconds. */
const MEMORY_MS = 60_000;

/**
 * Measures the delay of the event loop by a timer: as late as the timer is, everything else was. Whatever others did not
 * answer in time may have been answered, and not read.
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
      // The caller may have been woken before the timer.
      if (time - last >= LOOK_MS) look();
      const from = time - withinMs;
      return delays.reduce((sum, { end, ms }) => sum + Math.max(0, Math.min(ms, end - from)), 0);
    },
    stop: () => clearInterval(timer),
  };
}
