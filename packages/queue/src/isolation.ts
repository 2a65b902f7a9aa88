/** Ends a run's stay. Calling it again changes nothing. */
export type Leave = () => void;

/**
 * Keeps suspects, events that may have ended a process, apart from all other events in this process: one suspect runs at
 * a time with nothing beside it, so that it is to blame for what happens next.
 */
export type Isolation = {
  /**
   * Lets an ordinary run begin, at once unless a suspect runs or waits.
   *
   * @returns `undefined` if shutdown began while it waited
   */
  enter(): Leave | Promise<Leave | undefined>;
  /**
   * Waits until nothing else runs.
   *
   * @param signal ends the wait
   * @returns `undefined` if too many suspects wait already, at shutdown, or if the wait was aborted
   */
  enterAlone(signal: AbortSignal): Promise<Leave | undefined>;
  /** Ends all waits, at shutdown; from then on no suspect may run. */
  close(): void;
};

type Options = {
  /** How many suspects may wait in this process; others should try another process. */
  maxWaiting: number;
  /** Called to stop taking jobs from Redis, and to go on. */
  onPause: (paused: boolean) => void;
};

/** Between two suspects the process works as usual for as long as the last one took, up to this, in milliseconds. */
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

  function setPaused(next: boolean): void {
    if (paused === next) return;
    paused = next;
    onPause(next);
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
      setPaused(false);
      return;
    }
    setPaused(true);
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
        const finish = (leave: Leave | undefined): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(leave);
        };
        const giveUp = (): void => {
          suspects.delete(finish);
          finish(undefined);
          update();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        suspects.add(finish);
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
