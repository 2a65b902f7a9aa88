import { createArrivals } from './arrivals.ts';

export type ExpiryOptions = {
  /** How long each may take, in milliseconds. */
  maxMs: number;
  /** How often the timer looks for overdue ones, in milliseconds. */
  lookEveryMs: number;
};

/**
 * Starts the clock of one piece of work.
 *
 * @param expire called once when the time is up
 * @returns stops the clock
 */
export type StartClock = (expire: () => void) => () => void;

/**
 * Bounds how long each of many pieces of work may take, with one timer for all of them: they all may take equally long, so
 * they expire in the order in which they began. Nothing is left running while there is no work.
 */
export function expireInOrder({ maxMs, lookEveryMs }: ExpiryOptions): StartClock {
  const running = createArrivals<{ readonly since: number; readonly expire: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const overdue = performance.now() - maxMs;
    for (let oldest = running.oldest(); oldest && oldest.value.since <= overdue; oldest = running.oldest()) {
      running.remove(oldest);
      oldest.value.expire();
    }
    if (running.oldest()) return;
    clearInterval(timer);
    timer = undefined;
  }

  return (expire) => {
    const arrival = running.add({ since: performance.now(), expire });
    // If the process stood still, input that arrived meanwhile is read before anything expires.
    timer ??= setInterval(() => setImmediate(look), lookEveryMs).unref();
    return () => running.remove(arrival);
  };
}
