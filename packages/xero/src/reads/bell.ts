/** Wakes whoever waits, early. */
export type Bell = {
  ring(): void;
  /** Waits until it rings, or the time is over; in milliseconds. */
  wait(ms: number): Promise<'rang' | 'over'>;
};

export function createBell(): Bell {
  let wake: (() => void) | undefined;
  return {
    ring: () => wake?.(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve('over'), ms);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve('rang');
        };
      }),
  };
}
