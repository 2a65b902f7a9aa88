/** Ends a run's stay. To call it again changes nothing. */
export type Leave = () => void;

/**
 * Keeps apart, within one process, the runs of events that may have ended a process from those of all other events: one
 * suspect at a time, and nothing beside it, so that what happens next is its own doing.
 */
export type Isolation = {
  /**
   * Lets an ordinary run begin: at once, unless a suspect runs or is about to.
   *
   * @returns `undefined`, in time, where it waited in vain until shutdown
   */
  enter(): Leave | Promise<Leave | undefined>;
  /**
   * Waits until nothing else runs.
   *
   * @param signal ends the wait
   * @returns `undefined` where too many suspects wait already, at shutdown, or when the wait was ended
   */
  enterAlone(signal: AbortSignal): Promise<Leave | undefined>;
  /** Sends away whatever waits, as at shutdown; no suspect gets in any more. */
  close(): void;
};

type Options = {
  /** How many suspects may wait in this process; the others are better off with another one. */
  maxWaiting: number;
  /** Told to take no further jobs from Redis, and when to go on. */
  onPause: (paused: boolean) => void;
};

/** Between two suspects the process works as usual for as long as the last one took, but at most this long, in milliseconds. */
const MAX_BREAK_MS = 1_000;

/** @see Isolation */
export function createIsolation({ maxWaiting, onPause }: Options): Isolation {
  let together = 0;
  let alone = false;
  let onBreak = false;
  let paused = false;
  let closed = false;
  const suspects = new Set<(leave: Leave | undefined) => void>();
  const others = new Set<(leave: Leave | undefined) => void>();

  function pause(wanted: boolean): void {
    if (paused === wanted) return;
    paused = wanted;
    onPause(wanted);
  }

  function once(leave: () => void): Leave {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
      update();
    };
  }

  function joined(): Leave {
    together++;
    return once(() => together--);
  }

  function update(): void {
    if (alone) return;
    if (suspects.size === 0 || onBreak) {
      for (const join of others) join(joined());
      others.clear();
      pause(false);
      return;
    }
    pause(true);
    const [next] = suspects;
    if (together > 0 || next === undefined) return;
    suspects.delete(next);
    alone = true;
    const began = performance.now();
    next(
      once(() => {
        alone = false;
        onBreak = true;
        setTimeout(endBreak, Math.min(MAX_BREAK_MS, performance.now() - began)).unref();
      }),
    );
  }

  function endBreak(): void {
    onBreak = false;
    update();
  }

  return {
    enter() {
      if (!alone && (suspects.size === 0 || onBreak)) return joined();
      return new Promise((resolve) => others.add(resolve));
    },
    enterAlone(signal) {
      if (closed || signal.aborted || suspects.size >= maxWaiting) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const settle = (leave: Leave | undefined): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(leave);
        };
        const giveUp = (): void => {
          suspects.delete(settle);
          settle(undefined);
          update();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        suspects.add(settle);
        update();
      });
    },
    close() {
      closed = true;
      for (const sendAway of [...suspects, ...others]) sendAway(undefined);
      suspects.clear();
      others.clear();
      update();
    },
  };
}
