/** What Xero takes no token for: of an organisation, the reads of a kind. */
export type Forbidden = {
  add(tenantId: string, path: string): void;
  has(tenantId: string, path: string): boolean;
  /** It has worked after all. */
  forget(tenantId: string, path: string): void;
};

/** A scope can be added at any time; until then, tokens are not renewed in vain. In milliseconds. */
const REMEMBERED_MS = 600_000;

/** Organisations with a missing scope, times the kinds of read: more than that is forgotten. */
const MOST = 10_000;

/** Makes the memory of refusals that another token does not help against. */
export function createForbidden(now: () => number = () => performance.now()): Forbidden {
  const until = new Map<string, number>();
  const kindOf = (tenantId: string, path: string): string => `${tenantId} ${path.split('/').slice(0, 4).join('/')}`;
  return {
    add(tenantId, path) {
      const kind = kindOf(tenantId, path);
      until.delete(kind);
      if (until.size >= MOST) until.delete(until.keys().next().value!);
      until.set(kind, now() + REMEMBERED_MS);
    },
    forget(tenantId, path) {
      if (until.size > 0) until.delete(kindOf(tenantId, path));
    },
    has(tenantId, path) {
      return (until.get(kindOf(tenantId, path)) ?? -Infinity) > now();
    },
  };
}
