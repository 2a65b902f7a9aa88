import { randomBytes } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import type { TokenSet } from '../identity/token-set.ts';
import { createCipher } from './cipher.ts';

/** A token set that can be renewed. */
export type GrantTokens = TokenSet & { readonly refreshToken: string };

/**
 * What is kept of a grant. `dead`: Xero does not renew it any more, and `reason` says why. `unreadable`: none of the
 * encryption keys fits. `version` is the token set as it stands in Redis, encrypted, so that no two are alike, not even where
 * a grant is removed and made anew. `updatedAt` is in milliseconds since 1970.
 */
export type Grant =
  | { readonly state: 'absent' }
  | { readonly state: 'live'; readonly version: string; readonly updatedAt: number; readonly tokens: GrantTokens }
  | { readonly state: 'dead'; readonly version: string; readonly updatedAt: number; readonly reason: string }
  | { readonly state: 'unreadable'; readonly version: string; readonly updatedAt: number };

/** What keeps a refreshed token set. */
export type Rotation = {
  /** The version that it will be. */
  readonly version: string;
  /**
   * It can be called again after a fault.
   *
   * @returns false where none of the versions that it was made from is there any more
   */
  store(): Promise<boolean>;
};

/** The token sets of grants, encrypted in Redis: one record and one lock for each. Its functions throw what Redis throws. */
export type GrantStore = {
  read(grantId: string): Promise<Grant>;
  /** Keeps the token set of a new authorisation, whatever was there. */
  replace(grantId: string, tokens: GrantTokens): Promise<void>;
  /** @param versions of the token set that was refreshed, and of those before it that may never have been stored */
  rotation(grantId: string, versions: readonly string[], tokens: GrantTokens): Rotation;
  /**
   * Notes that Xero refuses a token set.
   *
   * @returns whether the grant was alive, with this very token set
   */
  declareDead(grantId: string, version: string, reason: string): Promise<boolean>;
  /** Removes a token set, unless another one is there by now. */
  remove(grantId: string, version: string): Promise<void>;
  /**
   * Takes the lock of a grant, for `ms` milliseconds at the longest.
   *
   * @returns what lets it go, or `undefined` where somebody else has it
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

/** Makes the store of token sets. Both keys of a grant carry it as their hash tag, so that they are in one slot. */
export function createGrantStore({ client, prefix, encryptionKeys, now }: Options): GrantStore {
  const cipher = createCipher(encryptionKeys);
  const bind = (name: string) => bindScript(client, new URL(`${name}.lua`, import.meta.url));
  const replaceSet = bind('replace-set');
  const rotateSet = bind('rotate-set');
  const declareDead = bind('declare-dead');
  const removeSet = bind('remove-set');
  const takeLock = bind('take-lock');
  const releaseLock = bind('release-lock');

  const owner = (grantId: string): string => `grant-${grantId}`;
  const setKey = (grantId: string): string => `${prefix}:{${owner(grantId)}}:set`;
  const lockKey = (grantId: string): string => `${prefix}:{${owner(grantId)}}:lock`;
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
    async lock(grantId, ms) {
      const us = randomBytes(16).toString('base64url');
      const taken = (await takeLock([lockKey(grantId)], [us, ms])) === 1;
      if (!taken) return undefined;
      return async () => {
        // One that cannot be let go ends by itself.
        await releaseLock([lockKey(grantId)], [us]).catch(() => {});
      };
    },
  };
}
