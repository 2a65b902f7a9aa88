import { setBounded } from '@xero-webhooks/bounded';

/** Resources that fail the calls in which they are read together with others. */
export type PoisonedResources = {
  add(tenantId: string, id: string): void;
  has(tenantId: string, id: string): boolean;
};

/** So long one is read alone, in milliseconds: by then it may have been mended. */
const REMEMBERED_MS = 600_000;

/** More than that are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Remembers them in this process alone. */
export function createPoisonedResources(now: () => number = () => performance.now()): PoisonedResources {
  const until = new Map<string, number>();
  return {
    add(tenantId, id) {
      setBounded(until, `${tenantId} ${id}`, now() + REMEMBERED_MS, MAX_REMEMBERED);
    },
    has: (tenantId, id) => until.size > 0 && (until.get(`${tenantId} ${id}`) ?? -Infinity) > now(),
  };
}
