import { setTimeout as wait } from 'node:timers/promises';

type Options = {
  signal: AbortSignal;
  /** @defaultValue 120000 */
  timeoutMs?: number;
  /** How often to check. @defaultValue 20 */
  everyMs?: number;
};

/** @throws Error on timeout, or if the signal aborts */
export async function until(
  holds: () => Promise<boolean> | boolean,
  what: string,
  { signal, timeoutMs = 120_000, everyMs = 20 }: Options,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    signal.throwIfAborted();
    if (performance.now() > end) throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`);
    await wait(everyMs, undefined, { signal });
  }
}
