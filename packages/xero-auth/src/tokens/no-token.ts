import type { IdentityFault } from '../identity/identity.ts';
import type { TokenAnswer } from './token-source.ts';

type NoToken = Extract<TokenAnswer, { outcome: 'none' }>;

/** How long to wait for what only people can mend, in milliseconds. */
export const MENDED_BY_PEOPLE_MS = 60_000;

/** How long to wait for what mends itself, in milliseconds. */
const MENDS_ITSELF_MS = 5_000;

/** There is no token just now, and there may be one soon. */
export function unavailable(reason: string, retryMs: number = MENDS_ITSELF_MS): NoToken {
  return { outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE', reason, retryMs };
}

/** Nobody waits for the answer any more. */
export const ABORTED: NoToken = unavailable('the caller stopped waiting for the token');

/** Xero does not accept the app itself. */
export function clientRefused({ reason }: IdentityFault): NoToken {
  return {
    outcome: 'none',
    code: 'XW_XERO_CLIENT_REFUSED',
    reason: `Xero does not accept the app: ${reason}; check XERO_CLIENT_ID, XERO_CLIENT_SECRET and XERO_SCOPES against the developer portal`,
    retryMs: MENDED_BY_PEOPLE_MS,
  };
}

/** Xero refuses an access token that it has given out within the last minute. */
export const UNAUTHORISED: NoToken = {
  outcome: 'none',
  code: 'XW_XERO_UNAUTHORISED',
  reason:
    'Xero rejected an access token that it has just issued: the app may lack the scope for this read (XERO_SCOPES), or may have been disconnected at Xero',
  retryMs: MENDED_BY_PEOPLE_MS,
};
