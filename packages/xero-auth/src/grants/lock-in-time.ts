import { setTimeout as wait } from 'node:timers/promises';
import type { GrantStore } from './grant-store.ts';

type Options = {
  /** How long the lock lives, in milliseconds. */
  lockMs: number;
  /** How long to wait for whoever has it, in milliseconds. */
  waitMs: number;
};

/** About how often to look whether somebody else is done, in milliseconds. */
const POLL_MS = 150;

/**
 * Takes the lock of a grant, also where somebody else has to let it go first.
 *
 * @returns what lets it go, or `undefined` where somebody else had it for too long
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
