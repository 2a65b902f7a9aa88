import type { IdentityFault } from '../identity/identity.ts';
import type { TokenAnswer } from './token-source.ts';

type NoToken = Extract<TokenAnswer, { outcome: 'none' }>;

/** When to retry what only people can fix, in milliseconds. */
export const PEOPLE_RETRY_MS = 60_000;

/** When to retry what passes by itself, in milliseconds. */
const PASSING_RETRY_MS = 5_000;

/** There is no token now, but there may be one soon. */
export function unavailable(reason: string, retryMs: number = PASSING_RETRY_MS): NoToken {
  return { outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE', reason, retryMs };
}

export const ABORTED: NoToken = unavailable('the caller stopped waiting for the token');

export function clientRefused({ reason }: IdentityFault): NoToken {
  return {
    outcome: 'none',
    code: 'XW_XERO_CLIENT_REFUSED',
    reason: `Xero does not accept the app: ${reason}; check XERO_CLIENT_ID, XERO_CLIENT_SECRET and XERO_SCOPES against the developer portal`,
    retryMs: PEOPLE_RETRY_MS,
  };
}

/** Xero rejects an access token that it issued within the last minute. */
export const UNAUTHORISED: NoToken = {
  outcome: 'none',
  code: 'XW_XERO_UNAUTHORISED',
  reason:
    'Xero rejected an access token that it has just issued: the app may lack the scope for this read (XERO_SCOPES), or may have been disconnected at Xero',
  retryMs: PEOPLE_RETRY_MS,
};
