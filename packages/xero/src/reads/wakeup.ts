/** Wakes whoever waits, early. */
export type Wakeup = {
  wake(): void;
  /** Waits until it rings, or the time is over; in milliseconds. */
  wait(ms: number): Promise<'woken' | 'timeout'>;
};

export function createWakeup(): Wakeup {
  let wake: (() => void) | undefined;
  return {
    wake: () => wake?.(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve('timeout'), ms);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve('woken');
        };
      }),
  };
}
