import type { Occupancy } from './occupancy.ts';
import type { Cause, Parking } from './parking.ts';
import { waitersOf } from './parking.ts';
import type { PendingCall } from './pending-call.ts';
import type { ReadQueue, Waiters } from './read-queue.ts';

/** Half of the places at which events are at work stay free for other organisations, whatever this one waits for. */
export type FairShare = {
  /** The calls that hang, as far as can be told: those who wait for them keep their places first. */
  readonly hung: Set<PendingCall>;
  /** Parks those who would keep more than half of the places. @param waitMs in milliseconds */
  parkExcess(waitMs: number, cause: Cause): Promise<void>;
};

type Options = { occupancy: () => Occupancy; queue: Pick<ReadQueue, 'allBut'>; parking: Pick<Parking, 'park'> };

export function createFairShare({ occupancy, queue, parking }: Options): FairShare {
  const hung = new Set<PendingCall>();
  return {
    hung,
    async parkExcess(waitMs, cause) {
      let places = Math.ceil(occupancy().capacity / 2);
      const excess: Waiters[] = [];
      for (const call of hung) {
        const waiters = call.waiters().filter(({ settled }) => !settled);
        excess.push(waitersOf(waiters.slice(places), call.many));
        places = Math.max(0, places - waiters.length);
      }
      excess.push(queue.allBut(places));
      await Promise.all(excess.map((waiters) => parking.park(waiters, waitMs, cause)));
    },
  };
}
