/** Lets something of one kind through at most every so often, and tells it how many were left out before. */
export type Seldom = (kind: string, write: (unlogged: number) => void) => void;

/**
 * Makes a brake for log lines that anybody could have written by the thousand.
 *
 * @param quietMs how long one kind is kept back after it was let through, in milliseconds
 */
export function createSeldom(quietMs: number, now: () => number): Seldom {
  const kinds = new Map<string, { at: number; unlogged: number }>();
  return (kind, write) => {
    const last = kinds.get(kind);
    if (last && now() - last.at < quietMs) {
      last.unlogged++;
      return;
    }
    write(last?.unlogged ?? 0);
    kinds.set(kind, { at: now(), unlogged: 0 });
  };
}
