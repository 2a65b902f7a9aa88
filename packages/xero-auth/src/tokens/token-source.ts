/**
 * `none`: reads of the organisation have to wait; `reason` says why and what to do, without secrets, and `retryMs` is the
 * shortest sensible wait, in milliseconds.
 */
export type TokenAnswer =
  | { readonly outcome: 'token'; readonly accessToken: string }
  | { readonly outcome: 'none'; readonly code: `XW_XERO_${string}`; readonly reason: string; readonly retryMs: number };

/** Never throws: a failure is a `none`. */
export type TokenSource = {
  /**
   * @param options `rejected` is a token that Xero has just rejected (401): the answer must be another one. `signal` is
   *   aborted when the caller stops waiting.
   */
  tokenOf(
    tenantId: string,
    options: { readonly rejected?: string | undefined; readonly signal: AbortSignal },
  ): Promise<TokenAnswer>;
};
