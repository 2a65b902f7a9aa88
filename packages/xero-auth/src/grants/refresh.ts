import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@xero-webhooks/runtime';
import type { Identity, IdentityFault } from '../identity/identity.ts';
import { isFresh, isJustIssued, isUsable } from '../tokens/token-life.ts';
import type { Grant, GrantStore, GrantTokens } from './grant-store.ts';
import type { UnstoredSet } from './unstored-sets.ts';
import { createUnstoredSets } from './unstored-sets.ts';

/**
 * `fresh`: a good access token. `recent`: the rejected token was issued just now. `busy`: timed out waiting for another
 * process that renews the grant. `meanwhile` is a token that can still be used for a moment.
 */
export type Refreshed =
  | { readonly outcome: 'fresh'; readonly tokens: GrantTokens }
  | { readonly outcome: 'recent' | 'absent' | 'unreadable' }
  | { readonly outcome: 'dead'; readonly reason: string }
  | { readonly outcome: 'busy' }
  | (Exclude<IdentityFault, { outcome: 'refused' }> & { readonly meanwhile: GrantTokens | undefined });

/** The token set has to be renewed. */
type Stale = { readonly outcome: 'stale'; readonly tokens: GrantTokens; readonly version: string };

export type Refresh = {
  /**
   * @param rejected an access token that Xero has rejected
   * @returns the newest token set if it is good, else a renewed one
   * @throws what Redis throws
   */
  of(grantId: string, rejected: string | undefined): Promise<Refreshed>;
  /** Waits for refreshes in progress, and tries once more to store token sets that Redis has not accepted. */
  close(): Promise<void>;
};

export type RefreshOptions = {
  store: GrantStore;
  identity: Identity;
  log: Log;
  now: () => number;
  /** The organisations of a grant, for the log line that says they cannot be read. */
  tenantsOf: (grantId: string) => Promise<readonly string[]>;
  /** What to do about a dead grant. */
  remedy: string;
  /** The lifetime of a grant's lock, in milliseconds: longer than a renewal can take. @defaultValue 30000 */
  lockMs?: number;
  /** How long to wait while another process renews the grant, in milliseconds. @defaultValue 10000 */
  waitMs?: number;
  /** How long to retry if Redis does not accept a renewed token set, in milliseconds. @defaultValue 15000 */
  storePatienceMs?: number;
};

/** How long `close` waits for refreshes in progress, in milliseconds: Xero mostly answers within a second. */
const END_MS = 5_000;

/** About how often to check whether another process is done, in milliseconds. */
const POLL_MS = 150;

/**
 * Renews token sets so that only one process does it at a time: a refresh token of Xero works once, and the second process
 * to use it would lose the grant (https://developer.xero.com/documentation/guides/oauth2/token-types).
 *
 * Each grant has one lock, held until the new token set is stored; other processes wait and read it. A process that dies
 * halfway leaves the old refresh token, which Xero accepts for another 30 minutes. A process that cannot store the new set
 * keeps and renews it in memory, and stores it once Redis accepts it.
 */
export function createRefresh(options: RefreshOptions): Refresh {
  const { store, identity, log, now, tenantsOf, remedy, lockMs = 30_000, waitMs = 10_000 } = options;
  const unstored = createUnstoredSets({ store, log, patienceMs: options.storePatienceMs ?? 15_000 });
  const renewals = new Set<Promise<Refreshed>>();
  let closing = false;

  /** The answer of the record alone, without asking Xero. */
  function settle(grant: Grant, rejected: string | undefined): Refreshed | Stale {
    if (grant.state === 'dead') return { outcome: 'dead', reason: grant.reason };
    if (grant.state !== 'live') return { outcome: grant.state };
    const { tokens, version } = grant;
    return settleTokens(tokens, rejected) ?? { outcome: 'stale', tokens, version };
  }

  /** The answer of a token set, or `undefined` if it has to be renewed. */
  function settleTokens(tokens: GrantTokens, rejected: string | undefined): Refreshed | undefined {
    const isGood = tokens.accessToken !== rejected && isFresh(tokens, now());
    if (isGood) return { outcome: 'fresh', tokens };
    return tokens.accessToken === rejected && isJustIssued(tokens, now()) ? { outcome: 'recent' } : undefined;
  }

  /** Another process has changed the grant in the meantime. */
  async function settleAgain(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const settled = settle(await store.read(grantId), rejected);
    return settled.outcome === 'stale' ? { outcome: 'busy' } : settled;
  }

  const usable = (tokens: GrantTokens, rejected: string | undefined): GrantTokens | undefined =>
    tokens.accessToken !== rejected && isUsable(tokens, now()) ? tokens : undefined;

  /** Reads the record again inside the lock: its previous holder has probably renewed it. */
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
        // Another process, or the connect page, may have stored a newer token set than the rejected one.
        if (!(await store.declareDead(grantId, version, answer.reason))) return settleAgain(grantId, rejected);
        await logDeadGrant(grantId, answer.reason);
        return { outcome: 'dead', reason: answer.reason };
      case 'misconfigured':
      case 'unavailable':
        return { ...answer, meanwhile: usable(tokens, rejected) };
    }
  }

  /**
   * Uses a token set that Redis has not accepted yet. No other process knows it, so none can be renewing it.
   *
   * @returns `undefined` if Xero does not renew it: the stored one is used then
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
