import type { Log, RedisClient } from '@xero-webhooks/runtime';
import type { Identity } from '../identity/identity.ts';
import { ABORTED, clientRefused, PEOPLE_RETRY_MS, UNAUTHORISED, unavailable } from '../tokens/no-token.ts';
import { raceAbort } from '../tokens/race-abort.ts';
import { isFresh, isUsable } from '../tokens/token-life.ts';
import type { TokenAnswer, TokenSource } from '../tokens/token-source.ts';
import { createGrantStore } from './grant-store.ts';
import { createOrganisations } from './organisations.ts';
import type { Refreshed } from './refresh.ts';
import { createRefresh } from './refresh.ts';

/** What `createGrantTokens` needs. */
export type GrantTokensOptions = {
  client: RedisClient;
  prefix: string;
  /** TOKEN_ENCRYPTION_KEY: 32 bytes in base64 each, the first encrypts, any decrypts. */
  encryptionKeys: readonly string[];
  identity: Identity;
  log: Log;
  /** For messages that point to the board's connect page. @defaultValue they give only its path */
  boardUrl?: string | undefined;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
  /** How long a renewal can hold a grant's lock at most, in milliseconds. @defaultValue 30000 */
  lockMs?: number;
  /** How long to wait while another process renews the grant, in milliseconds. @defaultValue 10000 */
  waitMs?: number;
  /** How long to retry if Redis does not accept a renewed token set, in milliseconds. @defaultValue 15000 */
  storePatienceMs?: number;
};

/** Wait for `close`: it stores renewed token sets that would otherwise be lost. */
export type GrantTokenSource = TokenSource & { close(): Promise<void> };

/** How long a grant's state is cached, in milliseconds: after that it may have been reconnected. */
const CACHE_MS = 3_000;

/** When to retry if another process takes too long to renew the grant, in milliseconds. */
const BUSY_RETRY_MS = 2_000;

type CachedRefresh = { readonly outcome: Refreshed; readonly until: number };

/**
 * Access tokens for the organisations that the connect page added. Several organisations can share a grant, and with it a
 * token; only one process renews it.
 *
 * Codes: `XW_XERO_NOT_CONNECTED`, `XW_XERO_GRANT_DEAD`, `XW_XERO_TOKEN_UNREADABLE`, `XW_XERO_CLIENT_REFUSED`,
 * `XW_XERO_UNAUTHORISED` and `XW_XERO_TOKEN_UNAVAILABLE`.
 */
export function createGrantTokens(options: GrantTokensOptions): GrantTokenSource {
  const { client, prefix, encryptionKeys, identity, log, boardUrl, now = Date.now, lockMs, waitMs } = options;
  const { storePatienceMs } = options;
  const page = boardUrl === undefined ? 'the board’s page /connect' : `${boardUrl}/connect`;
  const remedy = `connect them again on ${page}`;
  const store = createGrantStore({ client, prefix, encryptionKeys, now });
  const organisations = createOrganisations(client, prefix);
  const refresh = createRefresh({
    store,
    identity,
    log,
    now,
    tenantsOf: async (grantId) =>
      (await organisations.list()).filter((each) => each.grantId === grantId).map(({ tenantId }) => tenantId),
    remedy,
    ...(lockMs !== undefined && { lockMs }),
    ...(waitMs !== undefined && { waitMs }),
    ...(storePatienceMs !== undefined && { storePatienceMs }),
  });
  const cached = new Map<string, CachedRefresh>();
  const asking = new Map<string, Promise<Refreshed>>();
  let alerted = false;

  async function learn(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    for (;;) {
      const cachedRefresh = cached.get(grantId);
      if (cachedRefresh && isGood(cachedRefresh, rejected)) return cachedRefresh.outcome;
      const others = asking.get(grantId);
      if (!others) break;
      await others;
    }
    const asked = ask(grantId, rejected).finally(() => asking.delete(grantId));
    asking.set(grantId, asked);
    return asked;
  }

  function isGood({ outcome, until }: CachedRefresh, rejected: string | undefined): boolean {
    if (now() >= until) return false;
    return outcome.outcome !== 'fresh' || (outcome.tokens.accessToken !== rejected && isFresh(outcome.tokens, now()));
  }

  async function ask(grantId: string, rejected: string | undefined): Promise<Refreshed> {
    const outcome = await refresh.of(grantId, rejected);
    if (outcome.outcome === 'misconfigured') {
      const { code, reason } = clientRefused(outcome);
      if (!alerted) log.error({ alert: 'client-refused', code }, reason);
      alerted = true;
    } else if (outcome.outcome === 'fresh') {
      alerted = false;
    }
    // `recent` is about the rejected token only.
    if (outcome.outcome === 'recent') cached.delete(grantId);
    else cached.set(grantId, { outcome, until: now() + cacheMs(outcome) });
    return outcome;
  }

  function answerWith(outcome: Refreshed, rejected: string | undefined): TokenAnswer {
    switch (outcome.outcome) {
      case 'fresh':
        return { outcome: 'token', accessToken: outcome.tokens.accessToken };
      case 'recent':
        return UNAUTHORISED;
      case 'busy':
        return unavailable('another process is renewing the access token', BUSY_RETRY_MS);
      case 'misconfigured':
      case 'unavailable': {
        const { meanwhile } = outcome;
        if (meanwhile && meanwhile.accessToken !== rejected && isUsable(meanwhile, now())) {
          return { outcome: 'token', accessToken: meanwhile.accessToken };
        }
        return outcome.outcome === 'unavailable'
          ? unavailable(outcome.reason, outcome.retryMs)
          : clientRefused(outcome);
      }
      case 'absent':
        return notConnected();
      case 'dead':
        return forPeople('XW_XERO_GRANT_DEAD', `Xero no longer renews the grant (${outcome.reason}): ${remedy}`);
      case 'unreadable':
        return forPeople(
          'XW_XERO_TOKEN_UNREADABLE',
          `the token set in Redis cannot be decrypted: add the key that encrypted it to TOKEN_ENCRYPTION_KEY, or ${remedy}`,
        );
    }
  }

  function notConnected(): TokenAnswer {
    return forPeople('XW_XERO_NOT_CONNECTED', `the organisation is not connected: connect it on ${page}`);
  }

  async function answerFor(tenantId: string, rejected: string | undefined): Promise<TokenAnswer> {
    try {
      const organisation = await organisations.find(tenantId);
      if (!organisation) return notConnected();
      return answerWith(await learn(organisation.grantId, rejected), rejected);
    } catch (error) {
      log.warn({ err: error, tenantId }, 'could not look up an access token');
      return unavailable('could not look up the access token in Redis');
    }
  }

  return {
    tokenOf: (tenantId, { rejected, signal }) => raceAbort(answerFor(tenantId, rejected), signal, ABORTED),
    close: refresh.close,
  };
}

/** An identity server that is down, or does not accept the app, is left alone for as long as it asks or people need. */
function cacheMs(outcome: Refreshed): number {
  switch (outcome.outcome) {
    case 'unavailable':
      return Math.min(unavailable(outcome.reason, outcome.retryMs).retryMs, PEOPLE_RETRY_MS);
    case 'misconfigured':
      return PEOPLE_RETRY_MS;
    case 'busy':
      return 0;
    default:
      return CACHE_MS;
  }
}

function forPeople(code: `XW_XERO_${string}`, reason: string): TokenAnswer {
  return { outcome: 'none', code, reason, retryMs: PEOPLE_RETRY_MS };
}
