import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@xero-webhooks/runtime';
import type { Identity, IdentityFault } from '../identity/identity.ts';
import { isFresh, isJustIssued, isUsable } from '../tokens/token-life.ts';
import type { Grant, GrantStore, GrantTokens } from './grant-store.ts';
import type { UnstoredSet } from './unstored-sets.ts';
import { createUnstoredSets } from './unstored-sets.ts';

/**
 * What asking for a grant's access token comes to. `fresh`: here it is. `recent`: the rejected one was given out just now.
 * `busy`: another process was renewing it for too long. `meanwhile` is a token that can still be used for a moment.
 */
export type Refreshed =
  | { readonly outcome: 'fresh'; readonly tokens: GrantTokens }
  | { readonly outcome: 'recent' | 'absent' | 'unreadable' }
  | { readonly outcome: 'dead'; readonly reason: string }
  | { readonly outcome: 'busy' }
  | (Exclude<IdentityFault, { outcome: 'refused' }> & { readonly meanwhile: GrantTokens | undefined });

/** There is a token set, but Xero has to be asked for another. */
type Stale = { readonly outcome: 'stale'; readonly tokens: GrantTokens; readonly version: string };

/** Renews the token sets of grants. */
export type Refresh = {
  /**
   * @param rejected an access token that Xero has refused
   * @returns the newest token set where it is good, else a renewed one
   * @throws what Redis throws
   */
  of(grantId: string, rejected: string | undefined): Promise<Refreshed>;
  /** Ends what is under way, and stores what Redis has not taken yet where it does now. */
  close(): Promise<void>;
};

export type RefreshOptions = {
  store: GrantStore;
  identity: Identity;
  log: Log;
  now: () => number;
  /** Which organisations are read with a grant, for the log line that says that they are cut off. */
  tenantsOf: (grantId: string) => Promise<readonly string[]>;
  /** What has to be done about a grant that has ended. */
  remedy: string;
  /** How long the lock of a grant lives, in milliseconds: longer than its holder needs at the worst. @defaultValue 30000 */
  lockMs?: number;
  /** How long to wait for another process that renews the grant, in milliseconds. @defaultValue 10000 */
  waitMs?: number;
  /** How long to wait for a Redis that does not take a renewed token set, in milliseconds. @defaultValue 15000 */
  storePatienceMs?: number;
};

/** How long the end may take for what is under way, in milliseconds: Xero mostly answers in one second. */
const END_MS = 5_000;

/** About how often to look whether another process is done, in milliseconds. */
const POLL_MS = 150;

/**
 * Makes what renews the token sets of grants, such that of all processes one does it: Xero's refresh tokens are used up by
 * being used, and whoever comes second would lose the grant (https://developer.xero.com/documentation/guides/oauth2/token-types).
 *
 * One lock for each grant, held until the new token set is stored; the others wait and read it. A process that dies in the
 * middle leaves the old refresh token, which Xero takes for another 30 minutes. One that cannot store the new set keeps it,
 * renews it by itself, and stores it once Redis takes it.
 */
export function createRefresh(options: RefreshOptions): Refresh {
  const { store, identity, log, now, tenantsOf, remedy, lockMs = 30_000, waitMs = 10_000 } = options;
  const unstored = createUnstoredSets({ store, log, patienceMs: options.storePatienceMs ?? 15_000 });
  const renewals = new Set<Promise<Refreshed>>();
  let closing = false;

  /** What the record answers by itself, without asking Xero. */
  function settle(grant: Grant, rejected: string | undefined): Refreshed | Stale {
    if (grant.state === 'dead') return { outcome: 'dead', reason: grant.reason };
    if (grant.state !== 'live') return { outcome: grant.state };
    const { tokens, version } = grant;
    return settleTokens(tokens, rejected) ?? { outcome: 'stale', tokens, version };
  }

  /** What a token set answers, unless Xero has to be asked for another. */
  function settleTokens(tokens: GrantTokens, rejected: string | undefined): Refreshed | undefined {
    const isGood = tokens.accessToken !== rejected && isFresh(tokens, now());
    if (isGood) return { outcome: 'fresh', tokens };
    return tokens.accessToken === rejected && isJustIssued(tokens, now()) ? { outcome: 'recent' } : undefined;
  }

  /** What others have made of the grant meanwhile. */
  async function settleAgain(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const settled = settle(await store.read(grantId), rejected);
    return settled.outcome === 'stale' ? { outcome: 'busy' } : settled;
  }

  const usable = (tokens: GrantTokens, rejected: string | undefined): GrantTokens | undefined =>
    tokens.accessToken !== rejected && isUsable(tokens, now()) ? tokens : undefined;

  /** The record is read again inside the lock: whoever had it before has probably renewed it. */
  async function renew(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const settled = settle(await store.read(grantId), rejected);
    if (settled.outcome !== 'stale') return settled;
    const { tokens, version } = settled;
    const answer = await identity.refresh(tokens.refreshToken);
    switch (answer.outcome) {
      case 'tokens': {
        const renewed = { refreshToken: tokens.refreshToken, ...answer.tokens };
        if (await unstored.keep(grantId, version, renewed)) return { outcome: 'fresh', tokens: renewed };
        return settleAgain(grantId, rejected);
      }
      case 'refused':
        // Another process, or the connect page, may have stored a newer token set than the one that was refused.
        if (!(await store.declareDead(grantId, version, answer.reason))) return settleAgain(grantId, rejected);
        await logDeadGrant(grantId, answer.reason);
        return { outcome: 'dead', reason: answer.reason };
      case 'misconfigured':
      case 'unavailable':
        return { ...answer, meanwhile: usable(tokens, rejected) };
    }
  }

  /**
   * What a token set comes to that Redis has not taken yet. No other process knows it, so that none can be renewing it.
   *
   * @returns `undefined` where Xero does not renew it: then the stored one has to do
   */
  async function useUnstored(
    grantId: string,
    set: UnstoredSet,
    rejected: string | undefined,
  ): Promise<Refreshed | undefined> {
    const { tokens } = set;
    const settled = settleTokens(tokens, rejected);
    if (settled) return settled;
    const answer = await identity.refresh(tokens.refreshToken);
    switch (answer.outcome) {
      case 'tokens': {
        const renewed = { refreshToken: tokens.refreshToken, ...answer.tokens };
        return (await unstored.keep(grantId, set, renewed)) ? { outcome: 'fresh', tokens: renewed } : undefined;
      }
      case 'refused':
        unstored.drop(grantId, set);
        return undefined;
      case 'misconfigured':
      case 'unavailable':
        return { ...answer, meanwhile: usable(tokens, rejected) };
    }
  }

  async function logDeadGrant(grantId: string, reason: string): Promise<void> {
    const tenantIds = await tenantsOf(grantId).catch(() => []);
    log.error(
      { alert: 'grant-dead', code: 'XW_XERO_GRANT_DEAD', grant: grantId, tenantIds },
      `Xero no longer renews a grant (${reason}), so its organisations cannot be read: ${remedy}`,
    );
  }

  async function of(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const set = await unstored.retry(grantId);
    const answer = set && (await useUnstored(grantId, set, rejected));
    return answer ?? ofStored(grantId, rejected);
  }

  async function ofStored(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const until = performance.now() + waitMs;
    for (;;) {
      const settled = settle(await store.read(grantId), rejected);
      if (settled.outcome !== 'stale') return settled;
      const release = await store.lock(grantId, lockMs);
      if (release) {
        try {
          return await renew(grantId, rejected);
        } finally {
          await release();
        }
      }
      const tokens = usable(settled.tokens, rejected);
      if (tokens) return { outcome: 'fresh', tokens };
      if (closing || performance.now() > until) return { outcome: 'busy' };
      await wait(POLL_MS * (0.5 + Math.random()));
    }
  }

  return {
    of(grantId, rejected) {
      const renewal = of(grantId, rejected).finally(() => renewals.delete(renewal));
      renewals.add(renewal);
      return renewal;
    },
    async close() {
      closing = true;
      const last = unstored.close();
      await Promise.race([Promise.allSettled([...renewals, last]), wait(END_MS, undefined, { ref: false })]);
    },
  };
}
