import { setBounded } from '@xero-webhooks/bounded';

/** Resources that fail the calls in which they are read together with others. */
export type Spoilers = {
  add(tenantId: string, id: string): void;
  has(tenantId: string, id: string): boolean;
};

/** So long one is read alone, in milliseconds: by then it may have been mended. */
const REMEMBERED_MS = 600_000;

/** More than that are forgotten. */
const MOST = 10_000;

/** Makes the memory of resources that are better read alone. */
export function createSpoilers(now: () => number = () => performance.now()): Spoilers {
  const until = new Map<string, number>();
  return {
    add(tenantId, id) {
      setBounded(until, `${tenantId} ${id}`, now() + REMEMBERED_MS, MOST);
    },
    has: (tenantId, id) => until.size > 0 && (until.get(`${tenantId} ${id}`) ?? -Infinity) > now(),
  };
}
