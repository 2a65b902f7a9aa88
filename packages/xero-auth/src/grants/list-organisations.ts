import type { RedisClient } from '@xero-webhooks/runtime';
import type { Grant, GrantStore } from './grant-store.ts';
import { createGrantStore, readGrantState } from './grant-store.ts';
import type { Organisation } from './organisations.ts';
import { createOrganisations } from './organisations.ts';

/**
 * A connected organisation and the state of its grant. `unchecked`: there is a token set, and no key here to read it with.
 * `fault` says why it cannot be read, if it has to be reconnected.
 */
export type ListedOrganisation = Organisation & {
  readonly token: Grant['state'] | 'unchecked';
  readonly fault: string | undefined;
  /** When its access was last renewed, in milliseconds since 1970: Xero ends what is not used for 60 days. */
  readonly renewedAt: number | undefined;
};

/**
 * Lists the connected organisations, sorted by name.
 *
 * @param encryptionKeys TOKEN_ENCRYPTION_KEY; `undefined` where it is not known
 */
export async function listOrganisations(
  client: RedisClient,
  prefix: string,
  encryptionKeys: readonly string[] | undefined,
): Promise<ListedOrganisation[]> {
  const all = await createOrganisations(client, prefix).list();
  const store = encryptionKeys && createGrantStore({ client, prefix, encryptionKeys, now: Date.now });
  const ids = [...new Set(all.map(({ grantId }) => grantId))];
  const states = new Map(
    await Promise.all(ids.map(async (id) => [id, await stateOf(client, prefix, store, id)] as const)),
  );
  return all.map((organisation) => ({ ...organisation, ...states.get(organisation.grantId)! }));
}

async function stateOf(
  client: RedisClient,
  prefix: string,
  store: GrantStore | undefined,
  grantId: string,
): Promise<Pick<ListedOrganisation, 'token' | 'fault' | 'renewedAt'>> {
  const grant = await (store ? store.read(grantId) : readGrantState(client, prefix, grantId));
  return { token: grant.state, fault: faultOf(grant), renewedAt: 'updatedAt' in grant ? grant.updatedAt : undefined };
}

function faultOf(grant: { readonly state: ListedOrganisation['token']; readonly reason?: string }): string | undefined {
  switch (grant.state) {
    case 'live':
    case 'unchecked':
      return undefined;
    case 'dead':
      return `Xero no longer renews its access (${grant.reason})`;
    case 'unreadable':
      return 'its token set cannot be decrypted with any key in TOKEN_ENCRYPTION_KEY';
    case 'absent':
      return 'its token set is no longer in Redis';
  }
}
