import type { Budget, WakePace } from '../budget/budget.ts';
import type { Waiter } from './waiter.ts';
import type { Removed, Waiters } from './read-queue.ts';
import { MAX_IDS } from './read-queue.ts';
import type { Occupancy } from './occupancy.ts';
import type { ReadObserver } from './read-observer.ts';

/** Why somebody is put off: the limit, for metrics and for the line in which they wait, and words for people. */
export type Cause = { readonly limit: string; readonly reason: string };

/** Puts those off who would have to wait for too long, and gives each a time to come back. */
export type Parking = {
  /** @param waitMs how long the first has to wait at least, in milliseconds */
  park(waiters: Waiters, waitMs: number, cause: Cause): Promise<void>;
  /** For somebody whose turn has not come in this process. */
  parkOne(waiter: Waiter, many: boolean): Promise<void>;
  /** For those whose read Xero takes no token for: a handler's own call is rejected instead. */
  refuse(removed: Pick<Removed, 'many' | 'onTokenRefused' | 'waiters'>, error: Error, waitMs: number): Promise<void>;
};

/** How often calls for one resource may come back that were too many at once for this process, in milliseconds. */
const SOON_MS = 100;

/**
 * Those of a group come to a process one after another, in milliseconds: an event of another organisation finds its place
 * between them, and a call for many waits for longer than that.
 */
const SPREAD_MS = 5;

type Options = {
  tenantId: string;
  budget: Budget;
  /** How many worker processes share the organisation's limits. */
  workers: () => number;
  occupancy: () => Occupancy;
  observer: Pick<ReadObserver, 'parked'>;
};

/** One for each organisation. */
export function createParking({ tenantId, budget, workers, occupancy, observer }: Options): Parking {
  /**
   * Those who read many with one call come back in groups, each of as many as can be at work in all processes while half
   * of the places are left to others, and with a call's time for each process from one group to the next.
   */
  function paceOf(many: boolean): WakePace {
    const intervalMs = 60_000 / budget.limits.perMinute;
    if (!many) return { groupSize: 1, intervalMs, spreadMs: 0 };
    const processes = Math.max(1, workers());
    const share = Math.min(MAX_IDS, Math.max(1, Math.floor(occupancy().capacity / 2)));
    return { groupSize: share * processes, intervalMs: intervalMs * processes, spreadMs: SPREAD_MS / processes };
  }

  async function send(
    waiters: readonly Waiter[],
    queue: string,
    waitMs: number,
    { pace, limit, reason }: Cause & { pace: WakePace },
  ): Promise<void> {
    const alive = waiters.filter(({ settled }) => !settled);
    if (alive.length === 0) return;
    const times = await budget.wakeTimes(tenantId, queue, alive.length, waitMs, pace);
    observer.parked(limit, alive.length);
    for (const [index, waiter] of alive.entries())
      waiter.resolve({ outcome: 'parked', delayMs: times[index]!, reason });
  }

  // Those who wait for different things stand in lines of their own: they come back at very different times.
  async function park({ many, one }: Waiters, waitMs: number, cause: Cause): Promise<void> {
    await Promise.all([
      send(many, `many ${cause.limit}`, waitMs, { ...cause, pace: paceOf(true) }),
      send(one, `one ${cause.limit}`, waitMs, { ...cause, pace: paceOf(false) }),
    ]);
  }

  return {
    park,
    async parkOne(waiter, many) {
      const cause = { limit: 'turn', reason: 'too many reads of this organisation wait for their turn' };
      const pace = many ? paceOf(true) : { groupSize: 1, intervalMs: SOON_MS, spreadMs: 0 };
      await send([waiter], many ? 'many turn' : 'soon', SOON_MS, { ...cause, pace });
    },
    async refuse({ many, onTokenRefused, waiters }, error, waitMs) {
      if (onTokenRefused === 'throw') for (const waiter of waiters) waiter.reject(error);
      else await park(waitersOf(waiters, many), waitMs, { limit: 'token', reason: error.message });
    },
  };
}

/** Why nobody may call for a while, by the limit that the budget names. */
export function causeOf(limit: string): Cause {
  if (limit === 'outage') return { limit, reason: 'Xero has failed again and again, and is left alone for a while' };
  return { limit, reason: `Xero's ${limit} limit leaves no call for this organisation` };
}

/** @param many whether they wait for a call that reads many resources */
export function waitersOf(waiters: readonly Waiter[], many: boolean): Waiters {
  return many ? { many: waiters, one: [] } : { many: [], one: waiters };
}
