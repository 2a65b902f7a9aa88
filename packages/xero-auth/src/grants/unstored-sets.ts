import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@xero-webhooks/runtime';
import type { GrantStore, GrantTokens, Rotation } from './grant-store.ts';

/** A renewed token set that Redis has not accepted yet. `madeFrom` are the versions that it may replace. */
export type UnstoredSet = {
  readonly tokens: GrantTokens;
  readonly rotation: Rotation;
  readonly madeFrom: readonly string[];
};

/**
 * Stores renewed token sets. Their predecessors stop working after half an hour, so a set that Redis does not accept is kept
 * here: it may be the only one left for its grant.
 */
export type UnstoredSets = {
  /** Tries once more to store the set kept for a grant; returns it if Redis still does not accept it. */
  retry(grantId: string): Promise<UnstoredSet | undefined>;
  /**
   * Stores a renewed token set now, or keeps it and retries until the process ends.
   *
   * @param madeFrom the version of the set it was renewed from if that is stored, else that set
   * @returns false if there is a newer one, or the grant is gone
   */
  keep(grantId: string, madeFrom: string | UnstoredSet, tokens: GrantTokens): Promise<boolean>;
  /** Forgets a set that Xero no longer renews. */
  drop(grantId: string, set: UnstoredSet): void;
  /** Tries one last time to store what is kept. */
  close(): Promise<void>;
};

type Options = {
  store: GrantStore;
  log: Log;
  /** How long to retry before a token set is used without being stored, in milliseconds. */
  patienceMs: number;
};

/** Time between tries, in milliseconds: while a caller waits for the token, and after that. */
const SOON_MS = 250;
const LATER_MS = 1_000;

type Tried = { readonly outcome: 'stored' | 'superseded' } | { readonly outcome: 'failed'; readonly error: unknown };

export function createUnstoredSets({ store, log, patienceMs }: Options): UnstoredSets {
  const kept = new Map<string, UnstoredSet>();
  let closed = false;

  async function tryToStore(grantId: string, set: UnstoredSet): Promise<Tried> {
    try {
      const outcome = (await set.rotation.store()) ? 'stored' : 'superseded';
      if (kept.get(grantId) === set) {
        kept.delete(grantId);
        log.info({ grant: grantId, outcome }, 'Redis accepts Xero token sets again');
      }
      return { outcome };
    } catch (error) {
      return { outcome: 'failed', error };
    }
  }

  /** No other process can renew the grant meanwhile: this one holds its lock. */
  async function storeInTime(grantId: string, set: UnstoredSet): Promise<Tried> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const tried = await tryToStore(grantId, set);
      if (tried.outcome !== 'failed' || closed || performance.now() > until) return tried;
      await wait(SOON_MS);
    }
  }

  async function goOnTrying(grantId: string, set: UnstoredSet): Promise<void> {
    while (!closed && kept.get(grantId) === set) {
      await wait(LATER_MS, undefined, { ref: false });
      if (!closed && kept.get(grantId) === set) await tryToStore(grantId, set);
    }
  }

  function tell(grantId: string, error: unknown, isNews: boolean): void {
    const fields = { err: error, grant: grantId, alert: 'grant-unstored' };
    const what = 'a renewed Xero token set cannot be stored in Redis';
    if (closed) {
      log.error(fields, `${what} before shutdown and is lost: its organisations may have to be reconnected`);
    } else if (isNews) {
      log.error(fields, `${what}: this process keeps it in memory, uses it, and retries until shutdown`);
    }
  }

  return {
    async retry(grantId) {
      const set = kept.get(grantId);
      if (!set) return undefined;
      return (await tryToStore(grantId, set)).outcome === 'failed' ? set : undefined;
    },
    async keep(grantId, madeFrom, tokens) {
      const isFirst = typeof madeFrom === 'string';
      // A set whose reply got lost is stored after all.
      const versions = isFirst ? [madeFrom] : [...madeFrom.madeFrom, madeFrom.rotation.version];
      const set = { tokens, madeFrom: versions, rotation: store.rotation(grantId, versions, tokens) };
      if (!isFirst) kept.set(grantId, set);
      const tried = isFirst ? await storeInTime(grantId, set) : await tryToStore(grantId, set);
      if (tried.outcome !== 'failed') return tried.outcome === 'stored';
      kept.set(grantId, set);
      tell(grantId, tried.error, isFirst);
      void goOnTrying(grantId, set);
      return true;
    },
    drop(grantId, set) {
      if (kept.get(grantId) === set) kept.delete(grantId);
    },
    async close() {
      closed = true;
      await Promise.all(
        [...kept].map(async ([grantId, set]) => {
          const tried = await tryToStore(grantId, set);
          if (tried.outcome === 'failed') tell(grantId, tried.error, true);
        }),
      );
    },
  };
}
