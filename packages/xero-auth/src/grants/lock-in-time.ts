import { setTimeout as wait } from 'node:timers/promises';
import type { GrantStore } from './grant-store.ts';

type Options = {
  /** The lifetime of the lock, in milliseconds. */
  lockMs: number;
  /** How long to wait for its holder, in milliseconds. */
  waitMs: number;
};

/** About how often to try, in milliseconds. */
const POLL_MS = 150;

/**
 * Takes the lock of a grant, waiting for its holder if there is one.
 *
 * @returns a function that releases it, or `undefined` if the wait was too long
 * @throws what Redis throws
 */
export async function lockInTime(
  store: GrantStore,
  grantId: string,
  { lockMs, waitMs }: Options,
): Promise<(() => Promise<void>) | undefined> {
  const until = performance.now() + waitMs;
  for (;;) {
    const release = await store.lock(grantId, lockMs);
    if (release || performance.now() > until) return release;
    await wait(POLL_MS * (0.5 + Math.random()));
  }
}
