import { setBounded } from '@xero-webhooks/bounded';
import { doublingWait } from '@xero-webhooks/runtime';
import type { XeroError } from '../xero-error.ts';

/** Something that is read: the organisation, the address, and what is asked for there. */
export type ReadTarget = { readonly tenantId: string; readonly path: string; readonly target?: string | undefined };

/** What Xero takes no token for: of an organisation, the reads of a kind. */
export type RefusedReads = {
  /**
   * Notes a refusal.
   *
   * @returns how long it is not worth asking again, in milliseconds
   */
  add(wanted: ReadTarget, error: XeroError): number;
  /** Whether it was refused lately, whatever the token. */
  has(wanted: ReadTarget): boolean;
  /** Why a call would be in vain, and for how long, where that is known. */
  refusal(wanted: ReadTarget): { readonly error: XeroError; readonly waitMs: number } | undefined;
  /** A call is about to be made: where it is the one that finds out whether it works again, the others wait for it. */
  begin(wanted: ReadTarget): void;
  /** It has worked after all. */
  forget(wanted: ReadTarget): void;
};

/** How long a kind is left alone: so long at first, twice as long with each look in vain, and no longer than this. */
const WAIT_MS = { first: 60_000, max: 600_000 };

/** How long tokens are not renewed in vain, in milliseconds. */
const RENEWAL_MS = 600_000;

/** Organisations with a missing scope, times the kinds of read: more than that is forgotten. */
const MAX_REMEMBERED = 10_000;

type Kind = {
  /** The last that was refused; `undefined` once different ones were: then the whole kind is. */
  target: string | undefined;
  error: XeroError;
  /** When to look again. */
  until: number;
  waitMs: number;
  /** Whether somebody is looking. */
  looking: boolean;
  renewAt: number;
};

/**
 * Remembers refusals that another token does not help against. One thing that is refused may be refused for
 * itself; where different ones of a kind are, with no answer between, the kind is left alone but for one look at a time.
 */
export function createRefusedReads(now: () => number = () => performance.now()): RefusedReads {
  const kinds = new Map<string, Kind>();

  return {
    add({ tenantId, path, target }, error) {
      const name = kindOf(tenantId, path);
      const before = kinds.get(name);
      // Several that were on their way together are one look.
      const isLook = before?.looking === true;
      const waitMs = isLook ? doublingWait({ ...WAIT_MS, first: before.waitMs }, 1) : (before?.waitMs ?? WAIT_MS.first);
      const renewAt = before && before.renewAt > now() ? before.renewAt : now() + RENEWAL_MS;
      const same = before === undefined || before.target === target;
      const until = now() + waitMs;
      setBounded(
        kinds,
        name,
        { target: same ? target : undefined, error, until, waitMs, looking: false, renewAt },
        MAX_REMEMBERED,
      );
      return waitMs;
    },
    has({ tenantId, path }) {
      return (kinds.get(kindOf(tenantId, path))?.renewAt ?? -Infinity) > now();
    },
    refusal({ tenantId, path, target }) {
      if (kinds.size === 0) return undefined;
      const kind = kinds.get(kindOf(tenantId, path));
      if (!kind || kind.until <= now()) return undefined;
      const isMeant = kind.target === undefined || kind.target === target;
      return isMeant ? { error: kind.error, waitMs: kind.until - now() } : undefined;
    },
    begin({ tenantId, path }) {
      const kind = kinds.get(kindOf(tenantId, path));
      if (!kind || kind.until > now()) return;
      kind.looking = true;
      kind.until = now() + WAIT_MS.first;
    },
    forget({ tenantId, path }) {
      if (kinds.size > 0) kinds.delete(kindOf(tenantId, path));
    },
  };
}

/** What needs the same scope: the address without what tells one resource from another. */
function kindOf(tenantId: string, path: string): string {
  const segments = path.split('/').map((segment, place) => (place < 4 || /^[A-Za-z]+$/.test(segment) ? segment : '*'));
  return `${tenantId} ${segments.join('/')}`;
}
