/** The handlers that still run although their time is over: nothing can stop them but the end of the process. */
export type Abandoned = {
  /** Counts one until it ends after all. */
  add(ended: Promise<unknown>): void;
  readonly count: number;
};

/**
 * Counts abandoned handlers.
 *
 * @param most how many the process can bear
 * @param onTooMany called when there are more
 */
export function createAbandoned(most: number, onTooMany: () => void): Abandoned {
  let count = 0;
  return {
    add(ended) {
      count++;
      void ended.finally(() => count--);
      if (count > most) onTooMany();
    },
    get count() {
      return count;
    },
  };
}
