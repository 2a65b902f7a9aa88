import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Ask } from './ask.ts';
import type { PendingCall } from './pending-call.ts';
import { callForMany, pathOfMany } from './pending-call.ts';

/** Asks, and whether they are for a call that reads many resources. */
export type Asks = { readonly many: readonly Ask[]; readonly one: readonly Ask[] };

/** Some who waited for the same, and what it was. */
export type TakenOut = Pick<PendingCall, 'many' | 'withoutToken'> & {
  readonly path: string;
  readonly what: string | undefined;
  readonly asks: readonly Ask[];
};

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
  /** Takes the first call; one for many is made up only now, of so many resources at most. */
  take(most?: number): PendingCall | undefined;
  /** Takes everybody out. */
  takeAll(): Asks;
  /** Takes those out for whom there is a cause; `what` is not known of a call that is not made up yet. */
  takeOut<Because>(
    causeOf: (path: string, what: string | undefined) => Because | undefined,
  ): readonly (TakenOut & { readonly because: Because })[];
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
    take(most = MOST_IDS) {
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
        if (taken.size === most) break;
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
    takeOut<Because>(causeOf: (path: string, what: string | undefined) => Because | undefined) {
      const out: (TakenOut & { because: Because })[] = [];
      for (const place of places.slice()) {
        const words = wordsOf(place);
        const because = causeOf(words.path, words.what);
        if (because === undefined) continue;
        out.push({ ...words, asks: asksAt(place), because });
        places.splice(places.indexOf(place), 1);
        if ('category' in place) joined.delete(place.category);
      }
      return out;
    },
    allBut(count) {
      const all = places.flatMap((place) => asksAt(place).map((ask) => ({ ask, many: isForMany(place) })));
      const rest = all.slice(count);
      const of = (many: boolean): Ask[] => rest.filter((one) => one.many === many).map(({ ask }) => ask);
      return { many: of(true), one: of(false) };
    },
  };
}

function wordsOf(place: Place): Omit<TakenOut, 'asks'> {
  if ('category' in place)
    return { path: pathOfMany(place.category), what: undefined, many: true, withoutToken: 'park' };
  const { call, what, many, withoutToken } = place.call;
  return { path: call.path, what, many, withoutToken };
}

function isForMany(place: Place): boolean {
  return 'category' in place || place.call.many;
}
