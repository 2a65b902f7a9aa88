/** Bounds how many messages are on their way to one receiver, so that a slow one leaves room for everything else. */
export type Places = {
  /**
   * Takes a place, if one is free soon.
   *
   * @returns a function that frees it, or for how many milliseconds to stay away
   */
  take(address: string): Promise<(() => void) | { delayMs: number }>;
};

type Line = {
  /** Messages on their way. */
  taken: number;
  /** Those that wait in this process, in order. */
  waiting: Set<() => void>;
  /** When the last of those that were sent away comes back, on the process's clock. */
  backAtMs: number;
};

/** How long to wait for a place here, in milliseconds: most receivers answer within that. */
const PATIENCE_MS = 100;

/** How soon those come back who were sent away, and how far apart, in milliseconds. */
const SOON_MS = 1_000;
const SPREAD_MS = 10;

/** @param count messages to one receiver at once, in this process */
export function createPlaces(count: number): Places {
  const lines = new Map<string, Line>();

  function free(address: string, line: Line): void {
    const [next] = line.waiting;
    if (next) next();
    else line.taken--;
    if (line.taken === 0) lines.delete(address);
  }

  function once(address: string, line: Line): () => void {
    let isFree = false;
    return () => {
      if (!isFree) free(address, line);
      isFree = true;
    };
  }

  return {
    async take(address) {
      const line = lines.get(address) ?? { taken: 0, waiting: new Set(), backAtMs: 0 };
      lines.set(address, line);
      if (line.taken < count) {
        line.taken++;
        return once(address, line);
      }
      if (await comesInTime(line.waiting)) return once(address, line);
      const now = performance.now();
      line.backAtMs = Math.max(now + SOON_MS, line.backAtMs + SPREAD_MS);
      return { delayMs: Math.ceil(line.backAtMs - now) };
    },
  };
}

/** Whether somebody hands over a place in time. */
function comesInTime(waiting: Set<() => void>): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (came: boolean): void => {
      waiting.delete(come);
      clearTimeout(timer);
      resolve(came);
    };
    const come = (): void => end(true);
    const timer = setTimeout(end, PATIENCE_MS, false);
    waiting.add(come);
  });
}
