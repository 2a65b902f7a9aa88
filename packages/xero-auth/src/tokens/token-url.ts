import type { AccessTokenProvider, BroughtToken } from '@xero-webhooks/handlers';
import { createHttpClient } from '@xero-webhooks/http-client';

type Options = {
  /** XERO_TOKEN_URL. */
  url: string;
  /** XERO_TOKEN_SECRET, sent as a bearer token. */
  secret: string | undefined;
};

/** Contains nothing of the request, which carries the secret. */
class TokenUrlError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`XERO_TOKEN_URL: ${code}`);
    this.name = 'TokenUrlError';
    this.code = code;
  }
}

const MAX_BYTES = 100_000;

/** Only a last resort: the signal ends calls earlier. */
const TIMEOUT_MS = 15_000;

/**
 * Gets tokens from a service over HTTP: `POST { tenantId, refresh }` as JSON, with the secret as a bearer token. It answers
 * 200 with `{ accessToken, expiresAt }`, or, if the organisation is not connected, 404 or 200 with `null`.
 */
export function createTokenUrl({ url, secret }: Options): AccessTokenProvider {
  const http = createHttpClient({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  return async (tenantId, { refresh, signal }) => {
    const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const result = await http.request({ method: 'POST', url, headers, body: { tenantId, refresh }, signal });
    if (result.outcome === 'silent') throw new TokenUrlError(result.code ?? 'no answer');
    const { status, text } = result;
    if (status === 404) return null;
    if (status !== 200) throw new TokenUrlError(`HTTP ${status}`);
    try {
      return JSON.parse(text) as BroughtToken | null;
    } catch {
      throw new TokenUrlError('not JSON');
    }
  };
}
