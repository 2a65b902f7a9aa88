import { REDIS_SILENCE_MS, STOOD_STILL } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './request-outcome.ts';
import { SLOWER_THAN_DEADLINE } from './storage-limits.ts';

/** The queue's reason if the connection was at fault. */
const NO_ANSWER = 'Redis does not answer';

/** Corrects the outcome of a request that waited for Redis for `waitedMs` milliseconds. */
export type Blame = (outcome: RequestOutcome, waitedMs: number) => RequestOutcome;

/**
 * Blames this process instead of Redis if the process stood still: then it did not read what Redis answered, and may have
 * closed the connection because of that.
 *
 * @param stoodStillMs how long the process stood still within the last `withinMs` milliseconds
 */
export function createBlame(stoodStillMs: (withinMs: number) => number): Blame {
  function wasOurs(reason: string, waitedMs: number): boolean {
    if (reason === SLOWER_THAN_DEADLINE) return stoodStillMs(waitedMs) >= waitedMs / 2;
    if (reason === NO_ANSWER) return stoodStillMs(2 * REDIS_SILENCE_MS) >= REDIS_SILENCE_MS / 2;
    return false;
  }

  return (outcome, waitedMs) =>
    outcome.outcome === 'refused' && wasOurs(outcome.reason, waitedMs) ? { ...outcome, reason: STOOD_STILL } : outcome;
}
