import { REDIS_SILENCE_MS, STOOD_STILL } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './outcome.ts';

/** Why a request is refused whose events Redis has not confirmed in time. */
export const SLOWER_THAN_DEADLINE = 'Redis is slower than the deadline';

/** How the queue says that the connection was at fault. */
const NO_ANSWER = 'Redis does not answer';

/**
 * Finds out whose fault it is that Redis has not answered: a process that stood still did not read what Redis said, and
 * may have closed the connection because of it.
 *
 * @param stoodStillMs for how long the process stood still within so many milliseconds
 */
export function createBlame(stoodStillMs: (withinMs: number) => number) {
  function wasOurs(reason: string, ms: number): boolean {
    if (reason === SLOWER_THAN_DEADLINE) return stoodStillMs(ms) >= ms / 2;
    if (reason === NO_ANSWER) return stoodStillMs(2 * REDIS_SILENCE_MS) >= REDIS_SILENCE_MS / 2;
    return false;
  }

  /** @param ms how long the request has waited, in milliseconds */
  return (outcome: RequestOutcome, ms: number): RequestOutcome =>
    outcome.outcome === 'refused' && wasOurs(outcome.reason, ms) ? { ...outcome, reason: STOOD_STILL } : outcome;
}
