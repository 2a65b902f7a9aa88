import type { GrantStore } from '../grants/grant-store.ts';
import { grantIdOf } from '../grants/grant-id.ts';
import type { Organisations } from '../grants/organisations.ts';
import type { Identity, TokenOutcome } from '../identity/identity.ts';
import { clientRefused } from '../tokens/no-token.ts';
import type { Connections } from './connections.ts';
import type { PendingAuthorisations } from './pending.ts';

/** A step that could not be done. `reason` is for people, and holds no secret. */
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

/** What became of an authorisation: how many organisations can be read now. */
export type Completed = { readonly outcome: 'connected'; readonly organisations: number } | ConnectFailure;

type Options = {
  pending: PendingAuthorisations;
  identity: Identity;
  connections: Connections;
  store: GrantStore;
  organisations: Organisations;
  now: () => number;
};

/**
 * Makes what ends an authorisation: the code becomes a token set, and exactly the organisations that Xero lists for it point
 * to its grant. It throws what Redis throws.
 */
export function createComplete({ pending, identity, connections, store, organisations, now }: Options) {
  return async (state: string, code: string): Promise<Completed> => {
    const begun = await pending.take(state);
    if (!begun) {
      return failed('XW_CONNECT_STATE', 'this authorisation was not begun here, was ended before, or took too long');
    }
    const redeemed = await identity.redeem({ code, ...begun });
    if (redeemed.outcome !== 'tokens') return refusal(redeemed);
    const { refreshToken, ...tokens } = redeemed.tokens;
    if (refreshToken === undefined) {
      return failed(
        'XW_CONNECT_REFUSED',
        'Xero gave no refresh token, although the scope offline_access was asked for',
      );
    }
    const listed = await connections.list(tokens.accessToken);
    if (listed.outcome !== 'listed') return failed('XW_CONNECT_UNAVAILABLE', listed.reason);

    const grantId = grantIdOf(identity.clientId, tokens.accessToken);
    if (listed.connections.length === 0) {
      await organisations.point(grantId, []);
      await remove(grantId);
      await identity.revoke(refreshToken);
      return failed('XW_CONNECT_NOTHING', 'Xero lists no organisation that was connected');
    }
    const known = await organisations.list();
    const since = new Map(known.map(({ tenantId, connectedAt }) => [tenantId, connectedAt]));
    await store.replace(grantId, { ...tokens, refreshToken });
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
    await removeUnused(known.map((each) => each.grantId));
    return { outcome: 'connected', organisations: listed.connections.length };
  };

  /** Another user's grant may have lost its last organisation to this one: nobody would ever renew its token set. */
  async function removeUnused(grantIds: readonly string[]): Promise<void> {
    const used = new Set((await organisations.list()).map(({ grantId }) => grantId));
    await Promise.all([...new Set(grantIds)].filter((grantId) => !used.has(grantId)).map(remove));
  }

  async function remove(grantId: string): Promise<void> {
    const grant = await store.read(grantId);
    if (grant.state !== 'absent') await store.remove(grantId, grant.version);
  }
}

function refusal(fault: Exclude<TokenOutcome, { outcome: 'tokens' }>): ConnectFailure {
  switch (fault.outcome) {
    case 'refused':
      return failed('XW_CONNECT_REFUSED', `Xero does not take the code of this authorisation: ${fault.reason}`);
    case 'misconfigured':
      return failed('XW_XERO_CLIENT_REFUSED', clientRefused(fault).reason);
    case 'unavailable':
      return failed('XW_CONNECT_UNAVAILABLE', fault.reason);
  }
}

function failed(code: ConnectFailure['code'], reason: string): ConnectFailure {
  return { outcome: 'failed', code, reason };
}
