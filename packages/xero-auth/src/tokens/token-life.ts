import type { TokenSet } from '../identity/token-set.ts';

/** A token is renewed so long before it ends, in milliseconds, or after half of its life where that is shorter. */
const MARGIN_MS = 60_000;

/** What is left of a token's life has to last for a call, in milliseconds. */
const ONE_CALL_MS = 5_000;

/** A token younger than this that Xero refuses is not renewed: the next one would be refused as well. */
const JUST_ISSUED_MS = 60_000;

/** Whether an access token does not have to be renewed yet. */
export function isFresh({ issuedAt, expiresAt }: TokenSet, now: number): boolean {
  return expiresAt - now > Math.min(MARGIN_MS, (expiresAt - issuedAt) / 2);
}

/** Whether an access token can still be used where there is no newer one. */
export function isUsable({ expiresAt }: TokenSet, now: number): boolean {
  return expiresAt - now > ONE_CALL_MS;
}

/** Whether an access token was given out within the last minute; clocks of machines may differ. */
export function isJustIssued({ issuedAt }: TokenSet, now: number): boolean {
  return Math.abs(now - issuedAt) < JUST_ISSUED_MS;
}
