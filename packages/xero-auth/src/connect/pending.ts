import { createHash, randomBytes } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { createCipher } from '../grants/cipher.ts';

/** An authorisation that was started and not completed yet. */
export type Pending = { readonly redirectUri: string; readonly verifier: string };

/** What must be known when a user comes back from Xero. The functions throw what Redis throws. */
export type PendingAuthorisations = {
  /** @returns the state to find it by, and the PKCE secret */
  begin(redirectUri: string): Promise<{ readonly state: string; readonly verifier: string }>;
  /** Removes and returns it; `undefined` if no authorisation with that state was started in the last ten minutes. */
  take(state: string): Promise<Pending | undefined>;
};

/** How long a user may take at Xero, in seconds. */
const PATIENCE_S = 600;

/** In base64url, the 43 characters that RFC 7636 recommends for a verifier (section 4.1). */
const SECRET_BYTES = 32;

/** Kept in Redis: the verifier is encrypted, the state is hashed. */
export function createPendingAuthorisations(
  client: RedisClient,
  prefix: string,
  encryptionKeys: readonly string[],
): PendingAuthorisations {
  const cipher = createCipher(encryptionKeys);
  const nameOf = (state: string): string => `connect-${createHash('sha256').update(state).digest('base64url')}`;
  const keyOf = (name: string): string => `${prefix}:xero:${name}`;

  return {
    async begin(redirectUri) {
      const state = randomBytes(SECRET_BYTES).toString('base64url');
      const verifier = randomBytes(SECRET_BYTES).toString('base64url');
      const name = nameOf(state);
      const pending: Pending = { redirectUri, verifier };
      await client.set(keyOf(name), cipher.encrypt(JSON.stringify(pending), name), 'EX', PATIENCE_S);
      return { state, verifier };
    },
    async take(state) {
      const name = nameOf(state);
      const record = await client.getdel(keyOf(name));
      const text = record === null ? undefined : cipher.decrypt(record, name);
      return text === undefined ? undefined : (JSON.parse(text) as Pending);
    },
  };
}
