import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Waiter } from './waiter.ts';
import type { PendingCall } from './pending-call.ts';
import { callForMany, pathOfMany } from './pending-call.ts';

/** Asks, and whether they are for a call that reads many resources. */
export type Waiters = { readonly many: readonly Waiter[]; readonly one: readonly Waiter[] };

/** Some who waited for the same, and what it was. */
export type Removed = Pick<PendingCall, 'many' | 'onTokenRefused'> & {
  readonly path: string;
  readonly target: string | undefined;
  readonly waiters: readonly Waiter[];
};

/** Those who wait for their turn to have an organisation's resources read. Those who are settled do not count. */
export type ReadQueue = {
  /** Adds a call at the end, or where it was made before and has to be made again, at the head. */
  add(call: PendingCall, where: 'last' | 'first'): void;
  /** Adds somebody to those who read many resources of a category with one call. */
  join(category: ResourceCategory, id: string, waiter: Waiter): void;
  readonly empty: boolean;
  /** How many resources the call for many at its head would read; `undefined` where it is another call. */
  readonly joinedAtHead: number | undefined;
  /** How many calls for one resource stand in it. */
  readonly single: number;
  /** Takes the first call; one for many is made up only now, of so many resources at most. */
  take(max?: number): PendingCall | undefined;
  /** Takes everybody out. */
  takeAll(): Waiters;
  /** Takes those out for whom there is a cause; `what` is not known of a call that is not made up yet. */
  remove<Because>(
    causeOf: (path: string, target: string | undefined) => Because | undefined,
  ): readonly (Removed & { readonly because: Because })[];
  /** Everybody but the first so many. */
  allBut(count: number): Waiters;
};

/** Of the ids in one call: with them an address has 1.9 kB, which every proxy lets pass. */
export const MAX_IDS = 50;

type Place = { readonly call: PendingCall } | { readonly category: ResourceCategory };

/** One for each organisation. */
export function createReadQueue(tenantId: string): ReadQueue {
  const places: Place[] = [];
  const joined = new Map<ResourceCategory, Map<string, Waiter[]>>();

  /** Removes from the head what nobody waits for any more. */
  function head(): Place | undefined {
    for (;;) {
      const [place] = places;
      if (!place || waitersAt(place).length > 0) return place;
      places.shift();
      if ('category' in place) joined.delete(place.category);
    }
  }

  function waitersAt(place: Place): Waiter[] {
    const waiters = 'call' in place ? place.call.waiters() : [...joined.get(place.category)!.values()].flat();
    return waiters.filter(({ settled }) => !settled);
  }

  return {
    add(call, where) {
      if (where === 'first') places.unshift({ call });
      else places.push({ call });
    },
    join(category, id, waiter) {
      let waiting = joined.get(category);
      if (!waiting) {
        waiting = new Map();
        joined.set(category, waiting);
        places.push({ category });
      }
      const others = waiting.get(id);
      if (others) others.push(waiter);
      else waiting.set(id, [waiter]);
    },
    get empty() {
      return head() === undefined;
    },
    get joinedAtHead() {
      const place = head();
      return place && 'category' in place ? joined.get(place.category)!.size : undefined;
    },
    get single() {
      return places.filter((place) => !isForMany(place)).length;
    },
    take(max = MAX_IDS) {
      const place = head();
      if (!place) return undefined;
      places.shift();
      if ('call' in place) return place.call;
      const waiting = joined.get(place.category)!;
      const taken = new Map<string, Waiter[]>();
      for (const [id, waiters] of waiting) {
        const alive = waiters.filter(({ settled }) => !settled);
        waiting.delete(id);
        if (alive.length > 0) taken.set(id, alive);
        if (taken.size === max) break;
      }
      if (waiting.size > 0) places.push(place);
      else joined.delete(place.category);
      return callForMany(tenantId, place.category, taken);
    },
    takeAll() {
      const all = this.allBut(0);
      places.length = 0;
      joined.clear();
      return all;
    },
    remove<Because>(causeOf: (path: string, target: string | undefined) => Because | undefined) {
      const out: (Removed & { because: Because })[] = [];
      for (const place of places.slice()) {
        const description = descriptionOf(place);
        const because = causeOf(description.path, description.target);
        if (because === undefined) continue;
        out.push({ ...description, waiters: waitersAt(place), because });
        places.splice(places.indexOf(place), 1);
        if ('category' in place) joined.delete(place.category);
      }
      return out;
    },
    allBut(count) {
      const all = places.flatMap((place) => waitersAt(place).map((waiter) => ({ waiter, many: isForMany(place) })));
      const rest = all.slice(count);
      const of = (many: boolean): Waiter[] => rest.filter((one) => one.many === many).map(({ waiter }) => waiter);
      return { many: of(true), one: of(false) };
    },
  };
}

function descriptionOf(place: Place): Omit<Removed, 'waiters'> {
  if ('category' in place)
    return { path: pathOfMany(place.category), target: undefined, many: true, onTokenRefused: 'park' };
  const { call, target, many, onTokenRefused } = place.call;
  return { path: call.path, target, many, onTokenRefused };
}

function isForMany(place: Place): boolean {
  return 'category' in place || place.call.many;
}
