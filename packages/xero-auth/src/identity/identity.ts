import type { Reply } from './http.ts';
import { createSend } from './http.ts';
import type { TokenSet } from './token-set.ts';
import { readTokenSet } from './token-set.ts';

/**
 * Why Xero's identity server gives no tokens. `refused`: the code or the refresh token is not good, or not any more.
 * `misconfigured`: it does not accept this app, or what the app asks for; `error` is its word for that. `unavailable`: it
 * cannot answer now; `retryMs` is how long it wants to be left alone, in milliseconds, where it says so: five minutes at the
 * most. A `reason` is for people, and holds no secret.
 */
export type IdentityFault =
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'misconfigured'; readonly error: string; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string; readonly retryMs: number | undefined };

export type TokenOutcome = { readonly outcome: 'tokens'; readonly tokens: TokenSet } | IdentityFault;

/** Xero's identity server, as one app asks it. Nothing here throws. */
export type Identity = {
  readonly clientId: string;
  /** Exchanges the code of an authorisation, once. */
  redeem(authorisation: { code: string; redirectUri: string; verifier: string }): Promise<TokenOutcome>;
  /** Exchanges a refresh token, which is used up by that but for a grace of 30 minutes. */
  refresh(refreshToken: string): Promise<TokenOutcome>;
  /** Asks for the access token of a custom connection. `scopes` is left out of the question where there are none. */
  clientCredentials(scopes?: string): Promise<TokenOutcome>;
  /** Ends a grant. A token that is none any more counts as revoked (https://www.rfc-editor.org/rfc/rfc7009#section-2.2). */
  revoke(refreshToken: string): Promise<{ readonly outcome: 'revoked' } | IdentityFault>;
};

/** What `createIdentity` needs. */
export type IdentityOptions = {
  /** The base of its paths, for example `https://identity.xero.com`. */
  url: string;
  clientId: string;
  /** An app that proves itself with PKCE alone has none. */
  clientSecret?: string | undefined;
  /** How long an answer may take, in milliseconds. @defaultValue 10000 */
  timeoutMs?: number;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

/** Words of OAuth that blame neither the app nor the grant (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1). */
const PASSING: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/**
 * A server that is overloaded, or a proxy before it, can ask for a week; nothing would be read for so long after it was well
 * again. In milliseconds.
 */
const MAX_RETRY_MS = 300_000;

/**
 * Makes the client of Xero's identity server (https://developer.xero.com/documentation/guides/oauth2/auth-flow).
 *
 * An app with a secret proves itself with HTTP Basic; one without names itself in the form.
 */
export function createIdentity({ url, clientId, clientSecret, timeoutMs, now = Date.now }: IdentityOptions): Identity {
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
    return tokens ? { outcome: 'tokens', tokens } : faultIn(reply, host);
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

/** Only what looks like a word of OAuth's is taken from an answer, never its description: it goes into logs. */
function oauthError(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
