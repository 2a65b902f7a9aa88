/** An access token of Xero's. */
export type BroughtToken = {
  readonly accessToken: string;
  /** Until when it can be used: a `Date`, a date as text, or milliseconds since 1970. */
  readonly expiresAt: Date | string | number;
};

/**
 * Brings access tokens that somebody else keeps: what a handler module exports as `accessToken`. It is asked once per
 * organisation and lifetime of a token in each process. What it throws is no loss: reads of the organisation wait, and it
 * is asked again a little later.
 *
 * @returns a token, or `null` where the organisation is not connected (any more)
 */
export type AccessTokenProvider = (
  tenantId: string,
  options: {
    /** Whether Xero has refused the last one (401), so that it has to be another. */
    readonly refresh: boolean;
    /** Aborted when nobody waits for the token any longer. */
    readonly signal: AbortSignal;
  },
) => Promise<BroughtToken | null> | BroughtToken | null;
