import { createHash, randomBytes } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { createCipher } from '../grants/cipher.ts';

/** An authorisation that was begun. */
export type Pending = { readonly redirectUri: string; readonly verifier: string };

/** Keeps what has to be known when a user comes back from Xero. Its functions throw what Redis throws. */
export type PendingAuthorisations = {
  /** @returns the state that leads back to it, and the secret to prove it with */
  begin(redirectUri: string): Promise<{ readonly state: string; readonly verifier: string }>;
  /** Takes it out, once; `undefined` where nothing of that state was begun within the last ten minutes. */
  take(state: string): Promise<Pending | undefined>;
};

/** How long a user may take at Xero, in seconds. */
const PATIENCE_S = 600;

/** 32 random bytes are the 43 characters that RFC 7636 recommends for a verifier (section 4.1). */
const SECRET_BYTES = 32;

/** Makes the store of authorisations that were begun. The verifier is encrypted, and the state stands there as a hash. */
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
