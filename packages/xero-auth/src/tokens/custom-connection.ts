import type { Log } from '@xero-webhooks/runtime';
import type { Identity } from '../identity/identity.ts';
import type { TokenSet } from '../identity/token-set.ts';
import { ABORTED, clientRefused, UNAUTHORISED, unavailable } from './no-token.ts';
import { raceAbort } from './race-abort.ts';
import { isFresh, isJustIssued, isUsable } from './token-life.ts';
import type { TokenAnswer, TokenSource } from './token-source.ts';

export type CustomConnectionOptions = {
  identity: Identity;
  log: Log;
  /** XERO_SCOPES. @defaultValue those of the developer portal */
  scopes?: string | undefined;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

/**
 * Access tokens for a custom connection, which has one organisation and no refresh token
 * (https://developer.xero.com/documentation/guides/oauth2/custom-connections): each process requests its own token and uses
 * it until it expires.
 *
 * Codes: `XW_XERO_CLIENT_REFUSED`, `XW_XERO_TOKEN_UNAVAILABLE` and `XW_XERO_UNAUTHORISED`.
 */
export function createCustomConnectionTokens({
  identity,
  log,
  scopes,
  now = Date.now,
}: CustomConnectionOptions): TokenSource {
  let held: TokenSet | undefined;
  /** The last failure, and when to ask again. */
  let fault: { answer: TokenAnswer; until: number } | undefined;
  let alerted = false;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const reply = await identity.clientCredentials(scopes);
    if (reply.outcome === 'tokens') {
      held = reply.tokens;
      fault = undefined;
      alerted = false;
      return;
    }
    const answer = reply.outcome === 'unavailable' ? unavailable(reply.reason, reply.retryMs) : clientRefused(reply);
    fault = { answer, until: now() + answer.retryMs };
    if (reply.outcome === 'unavailable') return;
    if (!alerted) log.error({ alert: 'client-refused', code: answer.code }, answer.reason);
    alerted = true;
  }

  async function answerTo(rejected: string | undefined): Promise<TokenAnswer> {
    const good = (): boolean => held !== undefined && held.accessToken !== rejected && isFresh(held, now());
    if (!good()) {
      if (held && held.accessToken === rejected && isJustIssued(held, now())) return UNAUTHORISED;
      if (!fault || now() >= fault.until) {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
        await asking;
      }
    }
    if (held && held.accessToken !== rejected && (good() || isUsable(held, now()))) {
      return { outcome: 'token', accessToken: held.accessToken };
    }
    return fault?.answer ?? UNAUTHORISED;
  }

  return {
    tokenOf: (_tenantId, { rejected, signal }) => raceAbort(answerTo(rejected), signal, ABORTED),
  };
}
