import type { AccessTokenProvider, BroughtToken } from '@xero-webhooks/handlers';
import axios from 'axios';

type Options = {
  /** XERO_TOKEN_URL. */
  url: string;
  /** XERO_TOKEN_SECRET, sent as a bearer token. */
  secret: string | undefined;
};

/** Says what went wrong without the request, which carries the secret. */
class TokenUrlError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`XERO_TOKEN_URL: ${code}`);
    this.name = 'TokenUrlError';
    this.code = code;
  }
}

const MOST_BYTES = 100_000;

/**
 * Asks a service over HTTP for tokens: `POST { tenantId, refresh }` as JSON, with the secret as a bearer token. It answers
 * 200 with `{ accessToken, expiresAt }`, or 404, or 200 with `null`, where the organisation is not connected.
 */
export function createTokenUrl({ url, secret }: Options): AccessTokenProvider {
  const http = axios.create({
    maxRedirects: 0,
    maxContentLength: MOST_BYTES,
    responseType: 'text',
    transformResponse: [],
    validateStatus: () => true,
  });
  return async (tenantId, { refresh, signal }) => {
    const { status, data } = await http
      .post<string>(
        url,
        { tenantId, refresh },
        { signal, headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` } },
      )
      .catch((error: unknown) => {
        throw new TokenUrlError(error instanceof Error && 'code' in error ? String(error.code) : 'no answer');
      });
    if (status === 404) return null;
    if (status !== 200) throw new TokenUrlError(`HTTP ${status}`);
    try {
      return JSON.parse(data) as BroughtToken | null;
    } catch {
      throw new TokenUrlError('no JSON');
    }
  };
}
