/** Handlers that still run after they timed out: only the end of the process can stop them. */
export type Abandoned = {
  /** Counts one handler until it ends. */
  add(ended: Promise<unknown>): void;
  readonly count: number;
};

/**
 * @param max how many the process can bear
 * @param onTooMany called when there are more
 */
export function createAbandoned(max: number, onTooMany: () => void): Abandoned {
  let count = 0;
  return {
    add(ended) {
      count++;
      void ended.finally(() => count--);
      if (count > max) onTooMany();
    },
    get count() {
      return count;
    },
  };
}
