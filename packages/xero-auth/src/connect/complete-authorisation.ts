import type { GrantStore, GrantTokens } from '../grants/grant-store.ts';
import { grantIdOf } from '../grants/grant-id.ts';
import { lockInTime } from '../grants/lock-in-time.ts';
import type { Organisation, Organisations } from '../grants/organisations.ts';
import type { Identity, TokenOutcome } from '../identity/identity.ts';
import { clientRefused } from '../tokens/no-token.ts';
import type { Connections } from './connections.ts';
import type { PendingAuthorisations } from './pending.ts';

/** `reason` is shown to users and contains no secrets. */
export type ConnectFailure = {
  readonly outcome: 'failed';
  readonly code:
    | 'XW_CONNECT_STATE'
    | 'XW_CONNECT_REFUSED'
    | 'XW_CONNECT_NOTHING'
    | 'XW_CONNECT_UNAVAILABLE'
    | 'XW_XERO_CLIENT_REFUSED';
  readonly reason: string;
};

/** `organisations` is how many can be read with the new grant. */
export type Completed = { readonly outcome: 'connected'; readonly organisations: number } | ConnectFailure;

type Options = {
  pending: PendingAuthorisations;
  identity: Identity;
  connections: Connections;
  store: GrantStore;
  organisations: Organisations;
  now: () => number;
  /** How long to wait while another process renews or revokes the user's grant, in milliseconds. @defaultValue 35000 */
  lockWaitMs?: number;
};

/** In milliseconds. Listing connections, and revoking a grant without any, take at most ten seconds each. */
const LOCK_MS = 30_000;

/** In milliseconds: longer than the lock of a killed process lasts. */
const LOCK_WAIT_MS = 35_000;

/**
 * Exchanges the code for a token set, and points exactly the organisations that Xero lists for it to its grant. The returned
 * function throws what Redis throws.
 */
export function createCompleteAuthorisation(options: Options) {
  const { pending, identity, connections, store, organisations, now, lockWaitMs = LOCK_WAIT_MS } = options;

  return async (state: string, code: string): Promise<Completed> => {
    const begun = await pending.take(state);
    if (!begun) {
      return failed(
        'XW_CONNECT_STATE',
        'this authorisation was not started here, has already been completed, or has expired',
      );
    }
    const redeemed = await identity.redeem({ code, ...begun });
    if (redeemed.outcome !== 'tokens') return refusal(redeemed);
    const { refreshToken, ...tokens } = redeemed.tokens;
    if (refreshToken === undefined) {
      return failed('XW_CONNECT_REFUSED', 'Xero returned no refresh token although offline_access was requested');
    }
    const grantId = grantIdOf(identity.clientId, tokens.accessToken);
    // A disconnect may be revoking this very grant, which ends all its connections: list what is left only after that.
    const release = await lockInTime(store, grantId, { lockMs: LOCK_MS, waitMs: lockWaitMs });
    if (!release) {
      return failed('XW_CONNECT_UNAVAILABLE', 'timed out waiting for this user’s access to be renewed or revoked');
    }
    const before = await organisations.list();
    let completed: Completed;
    try {
      completed = await connect(grantId, { ...tokens, refreshToken }, before);
    } finally {
      await release();
    }
    const grantIds = new Set(before.map((each) => each.grantId));
    await Promise.all([...grantIds].filter((each) => each !== grantId).map(removeUnused));
    return completed;
  };

  async function connect(grantId: string, tokens: GrantTokens, before: readonly Organisation[]): Promise<Completed> {
    const listed = await connections.list(tokens.accessToken);
    if (listed.outcome !== 'listed') return failed('XW_CONNECT_UNAVAILABLE', listed.reason);
    if (listed.connections.length === 0) {
      await organisations.point(grantId, []);
      await remove(grantId);
      await identity.revoke(tokens.refreshToken);
      return failed('XW_CONNECT_NOTHING', 'Xero lists no connected organisations');
    }
    const since = new Map(before.map(({ tenantId, connectedAt }) => [tenantId, connectedAt]));
    await store.replace(grantId, tokens);
    await organisations.point(
      grantId,
      listed.connections.map(({ id, tenantId, name }) => ({
        tenantId,
        grantId,
        name,
        connectionId: id,
        connectedAt: since.get(tenantId) ?? now(),
      })),
    );
    return { outcome: 'connected', organisations: listed.connections.length };
  }

  /** Another user's grant may have lost its last organisation to this one, and nothing would ever renew its token set. */
  async function removeUnused(grantId: string): Promise<void> {
    if (await isUsed(grantId)) return;
    const release = await lockInTime(store, grantId, { lockMs: LOCK_MS, waitMs: lockWaitMs });
    if (!release) return;
    try {
      // Its user may have reconnected it in the meantime.
      if (!(await isUsed(grantId))) await remove(grantId);
    } finally {
      await release();
    }
  }

  async function isUsed(grantId: string): Promise<boolean> {
    return (await organisations.list()).some((each) => each.grantId === grantId);
  }

  async function remove(grantId: string): Promise<void> {
    const grant = await store.read(grantId);
    if (grant.state !== 'absent') await store.remove(grantId, grant.version);
  }
}

function refusal(fault: Exclude<TokenOutcome, { outcome: 'tokens' }>): ConnectFailure {
  switch (fault.outcome) {
    case 'refused':
      return failed('XW_CONNECT_REFUSED', `Xero rejected the authorisation code: ${fault.reason}`);
    case 'misconfigured':
      return failed('XW_XERO_CLIENT_REFUSED', clientRefused(fault).reason);
    case 'unavailable':
      return failed('XW_CONNECT_UNAVAILABLE', fault.reason);
  }
}

function failed(code: ConnectFailure['code'], reason: string): ConnectFailure {
  return { outcome: 'failed', code, reason };
}
