/**
 * Whether there is an access token for an organisation now. `none`: reads of the organisation have to wait; `reason` says
 * why and what to do, without any secret, and `retryMs` how long it makes sense to wait at least, in milliseconds.
 */
export type TokenAnswer =
  | { readonly outcome: 'token'; readonly accessToken: string }
  | { readonly outcome: 'none'; readonly code: `XW_XERO_${string}`; readonly reason: string; readonly retryMs: number };

/** Where access tokens come from. It never throws: what goes wrong is a `none`. */
export type TokenSource = {
  /**
   * @param options `rejected` is a token that Xero has just refused (401): it has to be another one then. `signal` is
   *   aborted when nobody waits for the answer any more.
   */
  tokenOf(
    tenantId: string,
    options: { readonly rejected?: string | undefined; readonly signal: AbortSignal },
  ): Promise<TokenAnswer>;
};
