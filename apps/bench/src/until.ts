import { setTimeout as wait } from 'node:timers/promises';

type Options = {
  signal: AbortSignal;
  /** How long to wait at most, in milliseconds. @defaultValue 120000 */
  limitMs?: number;
  /** How often to ask, in milliseconds. @defaultValue 20 */
  everyMs?: number;
};

/**
 * Waits until something holds, asking again and again.
 *
 * @throws Error where it does not hold in time, or the signal comes first
 */
export async function until(
  holds: () => Promise<boolean> | boolean,
  what: string,
  { signal, limitMs = 120_000, everyMs = 20 }: Options,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    signal.throwIfAborted();
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await wait(everyMs, undefined, { signal });
  }
}
