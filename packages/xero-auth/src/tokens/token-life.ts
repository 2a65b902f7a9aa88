import type { TokenSet } from '../identity/token-set.ts';

/** A token is renewed this long before it expires, in milliseconds, or after half its lifetime if that is shorter. */
const MARGIN_MS = 60_000;

/** A token must last for one more call, in milliseconds. */
const ONE_CALL_MS = 5_000;

/** A rejected token younger than this, in milliseconds, is not renewed: the next one would be rejected as well. */
const JUST_ISSUED_MS = 60_000;

/** Whether it need not be renewed yet. */
export function isFresh({ issuedAt, expiresAt }: TokenSet, now: number): boolean {
  return expiresAt - now > Math.min(MARGIN_MS, (expiresAt - issuedAt) / 2);
}

/** Whether it can still be used if there is no newer one. */
export function isUsable({ expiresAt }: TokenSet, now: number): boolean {
  return expiresAt - now > ONE_CALL_MS;
}

/** Whether it was issued within the last minute. The clocks of machines may differ. */
export function isJustIssued({ issuedAt }: TokenSet, now: number): boolean {
  return Math.abs(now - issuedAt) < JUST_ISSUED_MS;
}
