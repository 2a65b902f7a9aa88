import { randomBytes } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import type { TokenSet } from '../identity/token-set.ts';
import { createCipher } from './cipher.ts';

/** A token set that can be renewed. */
export type GrantTokens = TokenSet & { readonly refreshToken: string };

/**
 * `dead`: Xero no longer renews it, for `reason`. `unreadable`: none of the encryption keys fits. `version` is the encrypted
 * token set in Redis; no two are equal, even if a grant is removed and created again. `updatedAt` is in milliseconds since
 * 1970.
 */
export type Grant =
  | { readonly state: 'absent' }
  | { readonly state: 'live'; readonly version: string; readonly updatedAt: number; readonly tokens: GrantTokens }
  | { readonly state: 'dead'; readonly version: string; readonly updatedAt: number; readonly reason: string }
  | { readonly state: 'unreadable'; readonly version: string; readonly updatedAt: number };

/** `current`: it was encrypted with the first key. `unreadable`: none of the keys fits. */
export type Reencrypted = 'reencrypted' | 'current' | 'unreadable' | 'absent';

/** A refreshed token set that is to replace an older one. */
export type Rotation = {
  /** Its version once it is stored. */
  readonly version: string;
  /**
   * Can be called again after an error.
   *
   * @returns false if none of the versions that it was refreshed from is there any longer
   */
  store(): Promise<boolean>;
};

/** The token sets of grants, encrypted in Redis: one record and one lock for each. The functions throw what Redis throws. */
export type GrantStore = {
  read(grantId: string): Promise<Grant>;
  /** Stores the token set of a new authorisation, over any other. */
  replace(grantId: string, tokens: GrantTokens): Promise<void>;
  /** @param versions of the token set that was refreshed, and of earlier ones if it may never have been stored */
  rotation(grantId: string, versions: readonly string[], tokens: GrantTokens): Rotation;
  /**
   * Records that Xero rejects a token set.
   *
   * @returns whether the grant was live with exactly this token set
   */
  declareDead(grantId: string, version: string, reason: string): Promise<boolean>;
  /** Removes a token set, unless another one has replaced it. */
  remove(grantId: string, version: string): Promise<void>;
  /** Encrypts a token set with the first key. Hold the lock: another process may be about to replace the set. */
  reencrypt(grantId: string): Promise<Reencrypted>;
  /**
   * Takes the lock of a grant, for at most `ms` milliseconds.
   *
   * @returns a function that releases it, or `undefined` if it is taken
   */
  lock(grantId: string, ms: number): Promise<(() => Promise<void>) | undefined>;
};

type Options = {
  client: RedisClient;
  prefix: string;
  /** 32 bytes in base64 each: the first encrypts, any decrypts. */
  encryptionKeys: readonly string[];
  now: () => number;
};

/** Both keys of a grant have its id as their hash tag, so that they are in one slot of a cluster. */
export function createGrantStore({ client, prefix, encryptionKeys, now }: Options): GrantStore {
  const cipher = createCipher(encryptionKeys);
  const currentCipher = createCipher(encryptionKeys.slice(0, 1));
  const bind = (name: string) => bindScript(client, new URL(`${name}.lua`, import.meta.url));
  const replaceSet = bind('replace-set');
  const rotateSet = bind('rotate-set');
  const declareDead = bind('declare-dead');
  const removeSet = bind('remove-set');
  const reencryptSet = bind('reencrypt-set');
  const takeLock = bind('take-lock');
  const releaseLock = bind('release-lock');

  const setKey = (grantId: string): string => keyOf(prefix, grantId, 'set');
  const lockKey = (grantId: string): string => keyOf(prefix, grantId, 'lock');
  const encrypt = (grantId: string, tokens: GrantTokens): string =>
    cipher.encrypt(JSON.stringify(tokens), owner(grantId));

  return {
    async read(grantId) {
      const { tokens: version, state, updatedAt, reason } = await client.hgetall(setKey(grantId));
      if (version === undefined) return { state: 'absent' };
      const common = { version, updatedAt: Number(updatedAt) };
      if (state === 'dead') return { state, ...common, reason: reason ?? '' };
      const text = cipher.decrypt(version, owner(grantId));
      if (text === undefined) return { state: 'unreadable', ...common };
      return { state: 'live', ...common, tokens: JSON.parse(text) as GrantTokens };
    },
    async replace(grantId, tokens) {
      await replaceSet([setKey(grantId)], [encrypt(grantId, tokens), now()]);
    },
    rotation(grantId, versions, tokens) {
      const version = encrypt(grantId, tokens);
      return {
        version,
        store: async () => (await rotateSet([setKey(grantId)], [version, now(), ...versions])) === 1,
      };
    },
    async declareDead(grantId, version, reason) {
      return (await declareDead([setKey(grantId)], [version, reason, now()])) === 1;
    },
    async remove(grantId, version) {
      await removeSet([setKey(grantId)], [version]);
    },
    async reencrypt(grantId) {
      const record = await client.hget(setKey(grantId), 'tokens');
      if (record === null) return 'absent';
      if (currentCipher.decrypt(record, owner(grantId)) !== undefined) return 'current';
      const text = cipher.decrypt(record, owner(grantId));
      if (text === undefined) return 'unreadable';
      const again = cipher.encrypt(text, owner(grantId));
      return (await reencryptSet([setKey(grantId)], [record, again])) === 1 ? 'reencrypted' : 'absent';
    },
    async lock(grantId, ms) {
      const us = randomBytes(16).toString('base64url');
      const taken = (await takeLock([lockKey(grantId)], [us, ms])) === 1;
      if (!taken) return undefined;
      return async () => {
        // A lock that cannot be released expires.
        await releaseLock([lockKey(grantId)], [us]).catch(() => {});
      };
    },
  };
}

/** The state of a grant as far as it can be told without a key. */
export async function readGrantState(
  client: RedisClient,
  prefix: string,
  grantId: string,
): Promise<
  { state: 'absent' } | { state: 'dead'; reason: string; updatedAt: number } | { state: 'unchecked'; updatedAt: number }
> {
  const { tokens, state, updatedAt, reason } = await client.hgetall(keyOf(prefix, grantId, 'set'));
  if (tokens === undefined) return { state: 'absent' };
  const common = { updatedAt: Number(updatedAt) };
  return state === 'dead' ? { state, reason: reason ?? '', ...common } : { state: 'unchecked', ...common };
}

function owner(grantId: string): string {
  return `grant-${grantId}`;
}

function keyOf(prefix: string, grantId: string, kind: 'set' | 'lock'): string {
  return `${prefix}:{${owner(grantId)}}:${kind}`;
}
