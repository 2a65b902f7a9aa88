import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@xero-webhooks/runtime';
import type { GrantStore, GrantTokens, Rotation } from './grant-store.ts';

/** A renewed token set that Redis has not taken yet. `madeFrom` are the versions that it may replace. */
export type UnstoredSet = {
  readonly tokens: GrantTokens;
  readonly rotation: Rotation;
  readonly madeFrom: readonly string[];
};

/**
 * Stores renewed token sets. Xero has used up what they were made from: while Redis does not take one it is kept here, as it
 * may be the only one that leads to the grant for longer than half an hour.
 */
export type UnstoredSets = {
  /** Tries once more to store what is kept of a grant; returns it where Redis still does not take it. */
  retry(grantId: string): Promise<UnstoredSet | undefined>;
  /**
   * Stores a renewed token set now, or keeps it and goes on trying until the process ends.
   *
   * @param madeFrom its version where that one is stored, else the set that is kept
   * @returns false where a newer one is there, or the grant is gone
   */
  keep(grantId: string, madeFrom: string | UnstoredSet, tokens: GrantTokens): Promise<boolean>;
  /** Forgets a set that Xero does not renew any more. */
  drop(grantId: string, set: UnstoredSet): void;
  /** Tries to store the rest a last time. */
  close(): Promise<void>;
};

type Options = {
  store: GrantStore;
  log: Log;
  /** How long to wait for Redis before a token set is used without being stored, in milliseconds. */
  patienceMs: number;
};

/** How often to try while somebody waits for the token, and from then on, in milliseconds. */
const SOON_MS = 250;
const LATER_MS = 1_000;

type Tried = { readonly outcome: 'stored' | 'superseded' } | { readonly outcome: 'failed'; readonly error: unknown };

/** Makes what stores renewed token sets. */
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

  /** Another process could not renew the grant while this one has its lock and waits. */
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
      // One whose reply got lost is stored after all.
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
