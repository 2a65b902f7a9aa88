import { randomBytes, randomUUID } from 'node:crypto';
import type { Holder } from './connections.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Lifetimes of tokens, in milliseconds. */
export type TokenLifetimes = {
  /** @defaultValue 30 minutes */
  readonly accessTokenMs: number;
  /** Of an unused refresh token. @defaultValue 60 days */
  readonly refreshTokenMs: number;
  /** How long a refresh token keeps working after its first use. @defaultValue 30 minutes */
  readonly refreshGraceMs: number;
};

export const XERO_LIFETIMES: TokenLifetimes = {
  accessTokenMs: 30 * MINUTE_MS,
  refreshTokenMs: 60 * DAY_MS,
  refreshGraceMs: 30 * MINUTE_MS,
};

/** What one authorisation allows. */
export type Grant = Holder & { readonly authEventId: string; readonly scope: string };

/** The answer of the token endpoint. */
export type TokenSet = {
  readonly access_token: string;
  /** In seconds. */
  readonly expires_in: number;
  readonly token_type: 'Bearer';
  /** Only with the scope `offline_access`. */
  readonly refresh_token?: string;
  readonly scope: string;
};

export type AccessTokenState =
  | { readonly state: 'valid'; readonly grant: Grant }
  | { readonly state: 'expired'; readonly expiredAt: number }
  | { readonly state: 'unknown' };

export type Tokens = ReturnType<typeof createTokens>;

export function createTokens(now: () => number, lifetimes: TokenLifetimes) {
  const accessTokens = new Map<string, { grant: Grant; expiresAt: number }>();
  const refreshTokens = new Map<string, { grant: Grant; expiresAt: number }>();

  const refreshTokenOf = (grant: Grant): string => {
    const token = randomBytes(32).toString('base64url');
    refreshTokens.set(token, { grant, expiresAt: now() + lifetimes.refreshTokenMs });
    return token;
  };

  const issue = (grant: Grant): TokenSet => {
    const expiresAt = now() + lifetimes.accessTokenMs;
    const accessToken = likeJwt(grant, now(), expiresAt);
    accessTokens.set(accessToken, { grant, expiresAt });
    const offline = grant.scope.split(' ').includes('offline_access');
    return {
      access_token: accessToken,
      expires_in: Math.floor(lifetimes.accessTokenMs / 1000),
      token_type: 'Bearer',
      ...(offline && { refresh_token: refreshTokenOf(grant) }),
      scope: grant.scope,
    };
  };

  const heldBy = (clientId: string, token: string): { grant: Grant; expiresAt: number } | undefined => {
    const held = refreshTokens.get(token);
    return held?.grant.clientId === clientId ? held : undefined;
  };

  return {
    issue,

    /** Exchanges a refresh token for a new token set: once, and again within the grace period. */
    refresh(clientId: string, token: string): TokenSet | undefined {
      const held = heldBy(clientId, token);
      if (!held || held.expiresAt <= now()) return undefined;
      // A second use does not extend the grace period.
      held.expiresAt = Math.min(held.expiresAt, now() + lifetimes.refreshGraceMs);
      return issue(held.grant);
    },

    /** Ends a grant: its refresh tokens stop working. */
    revoke(clientId: string, token: string): Grant | undefined {
      const grant = heldBy(clientId, token)?.grant;
      if (!grant) return undefined;
      for (const [each, held] of refreshTokens) {
        if (held.grant.authEventId === grant.authEventId) refreshTokens.delete(each);
      }
      return grant;
    },

    check(accessToken: string): AccessTokenState {
      const held = accessTokens.get(accessToken);
      if (!held) return { state: 'unknown' };
      if (held.expiresAt <= now()) return { state: 'expired', expiredAt: held.expiresAt };
      return { state: 'valid', grant: held.grant };
    },
  };
}

/** An access token with Xero's claims but no valid signature. */
function likeJwt({ clientId, userId, authEventId, scope }: Grant, issuedAt: number, expiresAt: number): string {
  const seconds = (time: number): number => Math.floor(time / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    nbf: seconds(issuedAt),
    exp: seconds(expiresAt),
    iss: 'https://identity.xero.com',
    aud: 'https://identity.xero.com/resources',
    client_id: clientId,
    ...(userId !== undefined && { sub: userId, xero_userid: userId }),
    authentication_event_id: authEventId,
    jti: randomUUID(),
    scope: scope.split(' '),
  };
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), randomBytes(32).toString('base64url')].join('.');
}
