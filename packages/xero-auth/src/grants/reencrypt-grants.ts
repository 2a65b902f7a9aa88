import type { RedisClient } from '@xero-webhooks/runtime';
import type { Reencrypted } from './grant-store.ts';
import { createGrantStore } from './grant-store.ts';
import { createOrganisations } from './organisations.ts';

/**
 * What became of one grant's token set. `busy`: it is being renewed or reconnected right now, so it is left for another
 * time.
 */
export type ReencryptedGrant = {
  readonly outcome: Reencrypted | 'busy';
  /** The names of its organisations. */
  readonly organisations: readonly string[];
};

/** Longer than it takes, and short enough for a process that wants to renew the grant meanwhile; in milliseconds. */
const LOCK_MS = 10_000;

/**
 * Encrypts the token sets of all connected organisations with the first key, so that the others can be removed from
 * TOKEN_ENCRYPTION_KEY. Nothing changes for the organisations, and it can be repeated.
 *
 * A grant is locked meanwhile: a process that renews it would not find the token set that it has renewed.
 *
 * @param encryptionKeys 32 bytes in base64 each: the first encrypts, any decrypts
 * @throws what Redis throws
 */
export async function reencryptGrants(
  client: RedisClient,
  prefix: string,
  encryptionKeys: readonly string[],
): Promise<ReencryptedGrant[]> {
  const store = createGrantStore({ client, prefix, encryptionKeys, now: Date.now });
  const organisations = await createOrganisations(client, prefix).list();
  const grants: ReencryptedGrant[] = [];
  for (const [grantId, group] of Map.groupBy(organisations, (organisation) => organisation.grantId)) {
    const names = group.map(({ name }) => name);
    const release = await store.lock(grantId, LOCK_MS);
    if (!release) {
      grants.push({ outcome: 'busy', organisations: names });
      continue;
    }
    try {
      grants.push({ outcome: await store.reencrypt(grantId), organisations: names });
    } finally {
      await release();
    }
  }
  return grants;
}
