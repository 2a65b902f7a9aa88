/** From Xero's token endpoint. Everything but the times is secret. */
export type TokenSet = {
  readonly accessToken: string;
  /** When it was issued and when the access token expires, in milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Absent without the scope `offline_access`, and for a custom connection. */
  readonly refreshToken?: string;
};

/** The longest token: Xero's have less than 2,000 characters. */
const MAX_CHARACTERS = 100_000;

/**
 * Reads the answer of a token endpoint (https://www.rfc-editor.org/rfc/rfc6749#section-5.1).
 *
 * @param askedAt when it was requested, in milliseconds since 1970: its lifetime counts from there
 * @returns `undefined` if it is not a token set
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

/** Whether it is safe in a header. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_CHARACTERS && /^[\x21-\x7e]+$/.test(value);
}
