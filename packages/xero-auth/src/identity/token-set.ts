/** What Xero's token endpoint gives out. All of it but the times is secret. */
export type TokenSet = {
  readonly accessToken: string;
  /** When it was given out and when the access token ends, in milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Absent without the scope `offline_access`, and for a custom connection. */
  readonly refreshToken?: string;
};

/** The most that a token may have: one of Xero's has less than 2,000 characters. */
const MAX_CHARACTERS = 100_000;

/**
 * Reads a token set out of the answer of a token endpoint (https://www.rfc-editor.org/rfc/rfc6749#section-5.1).
 *
 * @param askedAt when it was asked for, in milliseconds since 1970: its life is counted from there
 * @returns `undefined` where it is none
 */
export function readTokenSet(body: unknown, askedAt: number): TokenSet | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const {
    access_token: accessToken,
    expires_in: seconds,
    refresh_token: refreshToken,
  } = body as Record<string, unknown>;
  if (!isToken(accessToken) || typeof seconds !== 'number' || !(seconds > 0)) return undefined;
  if (refreshToken !== undefined && !isToken(refreshToken)) return undefined;
  return {
    accessToken,
    issuedAt: askedAt,
    expiresAt: askedAt + seconds * 1000,
    ...(refreshToken !== undefined && { refreshToken }),
  };
}

/** What fits into a header. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_CHARACTERS && /^[\x21-\x7e]+$/.test(value);
}
