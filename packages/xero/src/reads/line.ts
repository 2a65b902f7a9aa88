import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Ask } from './ask.ts';
import type { PendingCall } from './pending-call.ts';
import { callForMany } from './pending-call.ts';

/** Asks, and whether they are for a call that reads many resources. */
export type Asks = { readonly many: readonly Ask[]; readonly one: readonly Ask[] };

/** Those who wait for their turn to have an organisation's resources read. Those who are settled do not count. */
export type Line = {
  /** Adds a call at the end, or where it was made before and has to be made again, at the head. */
  add(call: PendingCall, where: 'last' | 'first'): void;
  /** Adds somebody to those who read many resources of a category with one call. */
  join(category: ResourceCategory, id: string, ask: Ask): void;
  readonly empty: boolean;
  /** How many resources the call for many at its head would read; `undefined` where it is another call. */
  readonly joinedAtHead: number | undefined;
  /** How many calls for one resource stand in it. */
  readonly single: number;
  /** Takes the first call; one for many is made up only now. */
  take(): PendingCall | undefined;
  /** Takes everybody out. */
  takeAll(): Asks;
  /** Everybody but the first so many. */
  allBut(count: number): Asks;
};

/** Of the ids in one call: with them an address has 1.9 kB, which every proxy lets pass. */
export const MOST_IDS = 50;

type Place = { readonly call: PendingCall } | { readonly category: ResourceCategory };

/** Makes the line of one organisation. */
export function createLine(tenantId: string): Line {
  const places: Place[] = [];
  const joined = new Map<ResourceCategory, Map<string, Ask[]>>();

  /** Removes from the head what nobody waits for any more. */
  function head(): Place | undefined {
    for (;;) {
      const [place] = places;
      if (!place || asksAt(place).length > 0) return place;
      places.shift();
      if ('category' in place) joined.delete(place.category);
    }
  }

  function asksAt(place: Place): Ask[] {
    const asks = 'call' in place ? place.call.asks() : [...joined.get(place.category)!.values()].flat();
    return asks.filter(({ settled }) => !settled);
  }

  return {
    add(call, where) {
      if (where === 'first') places.unshift({ call });
      else places.push({ call });
    },
    join(category, id, ask) {
      let waiting = joined.get(category);
      if (!waiting) {
        waiting = new Map();
        joined.set(category, waiting);
        places.push({ category });
      }
      const others = waiting.get(id);
      if (others) others.push(ask);
      else waiting.set(id, [ask]);
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
    take() {
      const place = head();
      if (!place) return undefined;
      places.shift();
      if ('call' in place) return place.call;
      const waiting = joined.get(place.category)!;
      const taken = new Map<string, Ask[]>();
      for (const [id, asks] of waiting) {
        const alive = asks.filter(({ settled }) => !settled);
        waiting.delete(id);
        if (alive.length > 0) taken.set(id, alive);
        if (taken.size === MOST_IDS) break;
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
    allBut(count) {
      const all = places.flatMap((place) => asksAt(place).map((ask) => ({ ask, many: isForMany(place) })));
      const rest = all.slice(count);
      const of = (many: boolean): Ask[] => rest.filter((one) => one.many === many).map(({ ask }) => ask);
      return { many: of(true), one: of(false) };
    },
  };
}

function isForMany(place: Place): boolean {
  return 'category' in place || place.call.many;
}
