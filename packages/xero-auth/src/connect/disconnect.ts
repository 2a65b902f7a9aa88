import type { GrantStore } from '../grants/grant-store.ts';
import type { Organisation, Organisations } from '../grants/organisations.ts';
import type { Identity } from '../identity/identity.ts';
import type { TokenSource } from '../tokens/token-source.ts';
import type { Connections } from './connections.ts';

/**
 * `disconnected`: it is no longer read; if not `told`, its grant had ended and Xero could not be told. `failed`: nothing has
 * changed. `unfinished`: Xero has disconnected the organisation, but its grant is not revoked yet; repeat the call to finish.
 */
export type Disconnected =
  | { readonly outcome: 'disconnected'; readonly told: boolean }
  | { readonly outcome: 'absent' }
  | {
      readonly outcome: 'failed' | 'unfinished';
      readonly code: 'XW_CONNECT_DISCONNECT';
      readonly reason: string;
    };

type Options = {
  tokens: TokenSource;
  identity: Identity;
  connections: Connections;
  store: GrantStore;
  organisations: Organisations;
};

/** In milliseconds, twice the timeout of a call to Xero: the grant must not be renewed or reconnected while it is revoked. */
const LOCK_MS = 20_000;

/**
 * The grant stays while another organisation points to it; with the last one it is revoked and its record removed. The
 * returned function throws what Redis throws.
 */
export function createDisconnect({ tokens, identity, connections, store, organisations }: Options) {
  return async (tenantId: string): Promise<Disconnected> => {
    const organisation = await organisations.find(tenantId);
    if (!organisation) return { outcome: 'absent' };
    const removed = await removeConnection(organisation);
    if (removed.outcome === 'failed') {
      const { state } = await store.read(organisation.grantId);
      // A live grant must be disconnected at Xero as well, and that can be retried.
      if (state === 'live') return failed(removed.reason);
    }
    const told = removed.outcome === 'removed';
    const left = await organisations.leave(organisation);
    return left === 'last' ? endGrant(organisation, told) : { outcome: 'disconnected', told };
  };

  async function removeConnection(
    organisation: Organisation,
    rejected?: string,
  ): Promise<{ outcome: 'removed' } | { outcome: 'failed'; reason: string }> {
    const signal = new AbortController().signal;
    const token = await tokens.tokenOf(organisation.tenantId, { rejected, signal });
    if (token.outcome === 'none') return { outcome: 'failed', reason: token.reason };
    const removed = await connections.remove(token.accessToken, organisation.connectionId);
    if (removed.outcome === 'removed') return removed;
    if (removed.outcome === 'unauthorised' && rejected === undefined) {
      return removeConnection(organisation, token.accessToken);
    }
    return { outcome: 'failed', reason: removed.reason };
  }

  /** The previous holder of the grant's lock may have reconnected it, even with more organisations. */
  async function endGrant(organisation: Organisation, told: boolean): Promise<Disconnected> {
    const { grantId } = organisation;
    const release = await store.lock(grantId, LOCK_MS);
    if (!release) return unfinished('its access is being renewed or reconnected right now');
    try {
      if ((await organisations.leave(organisation)) !== 'last') return { outcome: 'disconnected', told };
      const grant = await store.read(grantId);
      if (grant.state === 'live') {
        if (!told) return failed('it was reconnected at the same time');
        const revoked = await identity.revoke(grant.tokens.refreshToken);
        if (revoked.outcome !== 'revoked') return unfinished(revoked.reason);
      }
      await organisations.remove(organisation);
      if (grant.state !== 'absent') await store.remove(grantId, grant.version);
      return { outcome: 'disconnected', told };
    } finally {
      await release();
    }
  }
}

function failed(reason: string): Disconnected {
  return { outcome: 'failed', code: 'XW_CONNECT_DISCONNECT', reason };
}

function unfinished(reason: string): Disconnected {
  return { outcome: 'unfinished', code: 'XW_CONNECT_DISCONNECT', reason };
}
