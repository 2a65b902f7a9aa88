/** An access token for Xero's API. */
export type BroughtToken = {
  readonly accessToken: string;
  /** When it expires: a `Date`, a date as text, or milliseconds since 1970. */
  readonly expiresAt: Date | string | number;
};

/**
 * Supplies access tokens that another system keeps: what a handler module exports as `accessToken`. Each process calls it
 * once per organisation and token lifetime. If it throws, nothing is lost: reads of the organisation wait, and it is called
 * again a little later.
 *
 * @returns a token, or `null` if the organisation is not connected
 */
export type AccessTokenProvider = (
  tenantId: string,
  options: {
    /** Xero has rejected the last token (401): return another one. */
    readonly refresh: boolean;
    /** Aborted when the token is no longer needed. */
    readonly signal: AbortSignal;
  },
) => Promise<BroughtToken | null> | BroughtToken | null;
