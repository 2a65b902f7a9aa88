import type { Reply } from './http.ts';
import { createSend } from './http.ts';
import type { TokenSet } from './token-set.ts';
import { readTokenSet } from './token-set.ts';

/**
 * Why Xero's identity server gives no tokens. `refused`: the code or refresh token is invalid or has expired.
 * `misconfigured`: it does not accept this app or its request; `error` is its OAuth error code. `unavailable`: it cannot
 * answer now; `retryMs` is its `Retry-After` in milliseconds, if it sent one, at most five minutes. A `reason` is for users
 * and contains no secrets.
 */
export type IdentityFault =
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'misconfigured'; readonly error: string; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string; readonly retryMs: number | undefined };

export type TokenOutcome = { readonly outcome: 'tokens'; readonly tokens: TokenSet } | IdentityFault;

/** Xero's identity server, for one app. Nothing here throws. */
export type Identity = {
  readonly clientId: string;
  /** A code works once. */
  redeem(authorisation: { code: string; redirectUri: string; verifier: string }): Promise<TokenOutcome>;
  /** The refresh token is used up, but keeps working for another 30 minutes. */
  refresh(refreshToken: string): Promise<TokenOutcome>;
  /** The access token of a custom connection. Without `scopes`, Xero grants those of the portal. */
  clientCredentials(scopes?: string): Promise<TokenOutcome>;
  /** Ends a grant. An invalid token counts as revoked (https://www.rfc-editor.org/rfc/rfc7009#section-2.2). */
  revoke(refreshToken: string): Promise<{ readonly outcome: 'revoked' } | IdentityFault>;
};

export type IdentityOptions = {
  /** The base of its paths, for example `https://identity.xero.com`. */
  url: string;
  clientId: string;
  /** An app that uses only PKCE has none. */
  clientSecret?: string | undefined;
  /** For the whole answer, in milliseconds. @defaultValue 10000 */
  timeoutMs?: number;
  /** Told what each request for an access token came to. @defaultValue nobody is */
  onToken?: (outcome: TokenOutcome['outcome']) => void;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

/** OAuth error codes that blame neither the app nor the grant (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1). */
const PASSING: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/**
 * In milliseconds. An overloaded server, or a proxy in front of it, can ask for a week, and nothing would be read for that
 * long although it works again.
 */
const MAX_RETRY_MS = 300_000;

/**
 * https://developer.xero.com/documentation/guides/oauth2/auth-flow
 *
 * An app with a secret authenticates with HTTP Basic; one without sends its client id in the form.
 */
export function createIdentity(options: IdentityOptions): Identity {
  const { url, clientId, clientSecret, timeoutMs, onToken = () => {}, now = Date.now } = options;
  const send = createSend({ url, now, ...(timeoutMs !== undefined && { timeoutMs }) });
  const { host } = new URL(url);

  const post = (path: string, form: Record<string, string>): Promise<Reply> =>
    send({
      method: 'POST',
      path,
      ...(clientSecret === undefined
        ? { form: { ...form, client_id: clientId } }
        : { form, headers: { authorization: `Basic ${base64(`${clientId}:${clientSecret}`)}` } }),
    });

  async function tokensFor(form: Record<string, string>): Promise<TokenOutcome> {
    const askedAt = now();
    const reply = await post('/connect/token', form);
    const tokens = reply.outcome === 'answer' && reply.status === 200 ? readTokenSet(reply.body, askedAt) : undefined;
    const outcome: TokenOutcome = tokens ? { outcome: 'tokens', tokens } : faultIn(reply, host);
    onToken(outcome.outcome);
    return outcome;
  }

  return {
    clientId,
    redeem: ({ code, redirectUri, verifier }) =>
      tokensFor({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }),
    refresh: (refreshToken) => tokensFor({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    clientCredentials: (scopes) =>
      tokensFor({ grant_type: 'client_credentials', ...(scopes !== undefined && { scope: scopes }) }),
    async revoke(refreshToken) {
      const reply = await post('/connect/revocation', { token: refreshToken, token_type_hint: 'refresh_token' });
      return reply.outcome === 'answer' && reply.status === 200 ? { outcome: 'revoked' } : faultIn(reply, host);
    },
  };
}

function faultIn(reply: Reply, host: string): IdentityFault {
  if (reply.outcome === 'silent') return { outcome: 'unavailable', reason: reply.reason, retryMs: undefined };
  const { status, body } = reply;
  const error = status >= 400 && status < 500 && status !== 429 ? oauthError(body) : undefined;
  if (error === undefined || PASSING.has(error)) {
    const what = status === 200 ? 'did not answer with a token set' : `answers ${status}`;
    return { outcome: 'unavailable', reason: `${host} ${what}`, retryMs: believable(reply.retryMs) };
  }
  const reason = `${host} answers ${status}, ${error}`;
  return error === 'invalid_grant' ? { outcome: 'refused', reason } : { outcome: 'misconfigured', error, reason };
}

function believable(retryMs: number | undefined): number | undefined {
  return retryMs === undefined ? undefined : Math.min(retryMs, MAX_RETRY_MS);
}

/** It goes into logs, so only what looks like an OAuth error code is taken from an answer, never its description. */
function oauthError(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
