import type { ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import type { XeroCall } from '../api/api.ts';
import { notFound, XeroError } from '../xero-error.ts';
import type { Waiter } from './waiter.ts';

/** A call that is ready to be made, and those who wait for it. */
export type PendingCall = {
  readonly call: XeroCall;
  /** Whether events read many resources with one such call. */
  readonly many: boolean;
  /** What becomes of those who wait where Xero takes no token for it: the event's own read is put off. */
  readonly onTokenRefused: 'park' | 'throw';
  readonly waiters: () => readonly Waiter[];
  /** The resources that it reads for events, where it reads many with one call; in lower case. */
  readonly ids: readonly string[];
  /** Gives everybody their part of the answer. */
  readonly answer: (value: unknown) => void;
  /** The same in two calls, where it is one for several resources: one of them may be at fault. */
  readonly split: () => readonly PendingCall[];
  /** How often it has failed, and whether its token was refreshed because Xero had refused the one before. */
  failures: number;
  refreshed: boolean;
  /** What is asked for; the same for all parts of one call, so that they are not taken for different things that fail. */
  readonly target: string;
  /** How often one call, and its parts, may yet be halved. */
  readonly splits: { left: number };
};

/** Fifty resources are six halvings from one alone, and several of them may be at fault. */
const MAX_SPLITS = 12;

type CallForOneOptions = {
  call: XeroCall;
  onTokenRefused: PendingCall['onTokenRefused'];
  waiter: Waiter;
  /** Picks what was asked for out of the answer. @throws XeroError where it is not there */
  pick: (value: unknown) => unknown;
};

/** A call for one who asks. */
export function callForOne({ call, onTokenRefused, waiter, pick }: CallForOneOptions): PendingCall {
  return {
    call,
    many: false,
    onTokenRefused,
    waiters: () => [waiter],
    ids: [],
    answer(value) {
      try {
        waiter.resolve({ outcome: 'read', value: pick(value) });
      } catch (error) {
        waiter.reject(error as Error);
      }
    },
    split: () => [],
    failures: 0,
    refreshed: false,
    target: `${call.path}?${call.query ?? ''}`,
    splits: { left: 0 },
  };
}

/**
 * One call for several resources of a kind. `page=1` brings their lines too; contacts that are archived come only
 * where they are asked for (https://developer.xero.com/documentation/api/accounting/contacts).
 *
 * @param byId those who wait, by the resource's id in lower case
 * @param whole of what call it is a part
 */
export function callForMany(
  tenantId: string,
  category: ResourceCategory,
  byId: ReadonlyMap<string, readonly Waiter[]>,
  whole?: Pick<PendingCall, 'target' | 'splits'>,
): PendingCall {
  const { path, archivedField } = RESOURCE_KINDS[category];
  const ids = [...byId.keys()];
  const archived = archivedField ? '&includeArchived=true' : '';
  const { target, splits } = whole ?? { target: `${path}?${ids.join(',')}`, splits: { left: MAX_SPLITS } };
  const part = (some: readonly string[]): PendingCall =>
    callForMany(tenantId, category, new Map(some.map((id) => [id, byId.get(id)!])), { target, splits });
  return {
    call: { tenantId, path: pathOfMany(category), query: `IDs=${ids.join(',')}&page=1${archived}` },
    many: true,
    onTokenRefused: 'park',
    waiters: () => [...byId.values()].flat(),
    ids,
    answer(value) {
      const found = new Map(itemsOf(value, path).map((item) => [idOf(item, category), item]));
      for (const [id, waiters] of byId) {
        const item = found.get(id);
        for (const waiter of waiters) {
          if (item === undefined) waiter.reject(notFound(`${category} ${id}`));
          else waiter.resolve({ outcome: 'read', value: item });
        }
      }
    },
    split() {
      const middle = Math.ceil(ids.length / 2);
      return ids.length < 2 ? [] : [part(ids.slice(0, middle)), part(ids.slice(middle))];
    },
    failures: 0,
    refreshed: false,
    target,
    splits,
  };
}

export function rejectWaiters(call: Pick<PendingCall, 'waiters'>, error: Error): void {
  for (const waiter of call.waiters()) waiter.reject(error);
}

/** The address of a call for many. */
export function pathOfMany(category: ResourceCategory): string {
  return `/api.xro/2.0/${RESOURCE_KINDS[category].path}`;
}

/**
 * The call for one resource by its own address.
 *
 * @param what where it is to be taken for the same as others that fail
 */
export function callForResource(
  { tenantId, category, id }: { tenantId: string; category: ResourceCategory; id: string },
  waiter: Waiter,
  target?: string,
): PendingCall {
  const { path } = RESOURCE_KINDS[category];
  const call = callForOne({
    call: { tenantId, path: `/api.xro/2.0/${path}/${id}` },
    onTokenRefused: 'park',
    waiter,
    pick(value) {
      const [item] = itemsOf(value, path);
      if (item === undefined) throw notFound(`${category} ${id}`);
      return item;
    },
  });
  return target === undefined ? call : { ...call, target };
}

/**
 * The list in an envelope of Xero's.
 *
 * @throws XeroError where there is none
 */
export function itemsOf(value: unknown, path: string): readonly unknown[] {
  const list = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[path] : undefined;
  if (Array.isArray(list)) return list;
  throw new XeroError('XW_XERO_ANSWER', `Xero answered without a list of ${path}`);
}

function idOf(item: unknown, category: ResourceCategory): string {
  return String((item as Record<string, unknown> | null)?.[RESOURCE_KINDS[category].id]).toLowerCase();
}
