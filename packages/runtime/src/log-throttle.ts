/** Lets one kind of line through once per period, and passes how many were left out since the last one. */
export type LogThrottle = (kind: string, write: (unlogged: number) => void) => void;

/**
 * Rate-limits log lines that any unauthenticated caller can trigger.
 *
 * @param quietMs how long a kind is suppressed after it was let through, in milliseconds
 */
export function createLogThrottle(quietMs: number, now: () => number): LogThrottle {
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
