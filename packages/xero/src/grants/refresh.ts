import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@xero-webhooks/runtime';
import type { Identity, IdentityFault } from '../identity/identity.ts';
import { isFresh, isJustIssued, isUsable } from '../tokens/token-life.ts';
import type { Grant, GrantStore, GrantTokens } from './grant-store.ts';

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
type Stale = { readonly outcome: 'stale'; readonly tokens: GrantTokens; readonly version: number };

/**
 * @param rejected an access token that Xero has refused
 * @returns the stored token set where it is good, else a renewed one
 * @throws what Redis throws
 */
export type Refresh = (grantId: string, rejected: string | undefined) => Promise<Refreshed>;

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
};

/** About how often to look whether another process is done, in milliseconds. */
const POLL_MS = 150;

/** How long to go on trying to store a renewed token set, and how often, in milliseconds. */
const STORE_PATIENCE_MS = 15_000;
const STORE_RETRY_MS = 250;

/**
 * Makes what renews the token sets of grants, such that of all processes one does it: Xero's refresh tokens are used up by
 * being used, and whoever comes second would lose the grant (https://developer.xero.com/documentation/guides/oauth2/token-types).
 *
 * One lock for each grant, held until the new token set is stored; the others wait and read it. A process that dies in the
 * middle leaves the old refresh token, which Xero takes for another 30 minutes.
 */
export function createRefresh(options: RefreshOptions): Refresh {
  const { store, identity, log, now, tenantsOf, remedy, lockMs = 30_000, waitMs = 10_000 } = options;

  /** What the record answers by itself, without asking Xero. */
  function settle(grant: Grant, rejected: string | undefined): Refreshed | Stale {
    if (grant.state === 'dead') return { outcome: 'dead', reason: grant.reason };
    if (grant.state !== 'live') return { outcome: grant.state };
    const { tokens, version } = grant;
    const isGood = tokens.accessToken !== rejected && isFresh(tokens, now());
    if (isGood) return { outcome: 'fresh', tokens };
    if (tokens.accessToken === rejected && isJustIssued(tokens, now())) return { outcome: 'recent' };
    return { outcome: 'stale', tokens, version };
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
        if (await keep(grantId, version, renewed)) return { outcome: 'fresh', tokens: renewed };
        return settleAgain(grantId, rejected);
      }
      case 'refused':
        // Another process, or the connect page, may have stored a newer token set than the one that was refused.
        if (!(await store.declareDead(grantId, version, answer.reason))) return settleAgain(grantId, rejected);
        await tellOfDeath(grantId, answer.reason);
        return { outcome: 'dead', reason: answer.reason };
      case 'misconfigured':
      case 'unavailable':
        return { ...answer, meanwhile: usable(tokens, rejected) };
    }
  }

  /**
   * Stores a renewed token set. Xero has used up the old one: the new one must not get lost because Redis is away for a
   * moment.
   *
   * @returns false where a newer one is there, or the grant is gone
   */
  async function keep(grantId: string, version: number, tokens: GrantTokens): Promise<boolean> {
    const rotate = store.rotation(grantId, version, tokens);
    const until = performance.now() + STORE_PATIENCE_MS;
    for (;;) {
      try {
        return await rotate();
      } catch (error) {
        if (performance.now() > until) {
          log.error({ err: error, grant: grantId }, 'a renewed token set of Xero could not be stored in Redis');
          return true;
        }
        await wait(STORE_RETRY_MS);
      }
    }
  }

  async function tellOfDeath(grantId: string, reason: string): Promise<void> {
    const tenantIds = await tenantsOf(grantId).catch(() => []);
    log.error(
      { alert: 'grant-dead', code: 'XW_XERO_GRANT_DEAD', grant: grantId, tenantIds },
      `Xero does not renew a grant any more (${reason}), and nothing can be read from its organisations: ${remedy}`,
    );
  }

  return async (grantId, rejected) => {
    const until = performance.now() + waitMs;
    for (;;) {
      const settled = settle(await store.read(grantId), rejected);
      if (settled.outcome !== 'stale') return settled;
      const release = await store.lock(grantId, lockMs);
      if (release) {
        try {
          return await renew(grantId, rejected);
        } finally {
          // A lock that cannot be let go ends by itself.
          await release().catch(() => {});
        }
      }
      const tokens = usable(settled.tokens, rejected);
      if (tokens) return { outcome: 'fresh', tokens };
      if (performance.now() > until) return { outcome: 'busy' };
      await wait(POLL_MS * (0.5 + Math.random()));
    }
  };
}
