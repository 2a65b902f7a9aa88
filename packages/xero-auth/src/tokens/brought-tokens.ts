import type { AccessTokenProvider, BroughtToken } from '@xero-webhooks/handlers';
import type { Log } from '@xero-webhooks/runtime';
import { errorFields } from '@xero-webhooks/runtime';
import type { TokenAnswer, TokenSource } from './token-source.ts';
import { setBounded } from '@xero-webhooks/bounded';

/** What is remembered of an organisation: a token, or that there is none. Times are in milliseconds since 1970. */
type Known = {
  readonly answer: TokenAnswer;
  readonly since: number;
  readonly until: number;
  /** Whether it was brought because another one had been refused. */
  readonly refreshed: boolean;
};

type Options = {
  bring: AccessTokenProvider;
  log: Log;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How long the provider may take, in milliseconds. */
  timeoutMs?: number;
};

/** A token is not used in its last part: the call that it goes with has to arrive in time. In milliseconds. */
const MARGIN_MS = 30_000;

/** However short a token's life is said to be, it is not asked for at every event. */
const MIN_MS = 5_000;

/** A refreshed token that is refused so soon is not refreshed again: its age is not what is wrong. */
const YOUNG_MS = 60_000;

const DISCONNECTED_MS = 60_000;
const FAILED_MS = 15_000;

/** Organisations whose tokens are remembered: more than have events at the same time. */
const MAX_KNOWN = 50_000;

/**
 * Makes a source out of a function that brings tokens. It is asked once per organisation and lifetime of a token, however
 * many events there are, and again when Xero has refused the token.
 */
export function createBroughtTokens({ bring, log, now = Date.now, timeoutMs = 10_000 }: Options): TokenSource {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<TokenAnswer>>();

  function learn(tenantId: string, answer: TokenAnswer, until: number, refreshed: boolean): TokenAnswer {
    setBounded(known, tenantId, { answer, since: now(), until, refreshed }, MAX_KNOWN);
    if (answer.outcome === 'none') {
      const { code, retryMs, reason } = answer;
      log.error({ code, tenantId, alert: 'no-xero-token', retryMs }, reason);
    }
    return answer;
  }

  async function ask(tenantId: string, rejected: string | undefined): Promise<TokenAnswer> {
    const refresh = rejected !== undefined;
    const brought = await bringInTime(tenantId, refresh);
    if (brought.outcome === 'none') return learn(tenantId, brought, now() + brought.retryMs, refresh);
    const { expiresAt, ...answer } = brought;
    if (answer.accessToken === rejected) {
      // Other reads may well work with it; it is asked for anew before it would otherwise be.
      learn(tenantId, answer, now() + YOUNG_MS, true);
      return REFUSED;
    }
    return learn(tenantId, answer, Math.max(expiresAt - MARGIN_MS, now() + MIN_MS), refresh);
  }

  async function bringInTime(tenantId: string, refresh: boolean): Promise<Brought> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const brought = await Promise.race([Promise.try(() => bring(tenantId, { refresh, signal })), failOn(signal)]);
      return readBrought(brought);
    } catch (error) {
      // The message is left out: whoever brings tokens may have put one into it.
      const { type, code } = errorFields(error);
      const what = signal.aborted ? `it took longer than ${timeoutMs} ms` : (code ?? type);
      return {
        outcome: 'none',
        code: 'XW_XERO_TOKEN_UNAVAILABLE',
        reason: `could not get the access token (${what})`,
        retryMs: FAILED_MS,
      };
    }
  }

  return {
    async tokenOf(tenantId, { rejected }) {
      const held = known.get(tenantId);
      if (held && held.until > now()) {
        if (held.answer.outcome === 'none' || held.answer.accessToken !== rejected) return held.answer;
        if (held.refreshed && now() - held.since < YOUNG_MS) return REFUSED;
      }
      let answer = asked.get(tenantId);
      if (!answer) {
        answer = ask(tenantId, rejected).finally(() => asked.delete(tenantId));
        asked.set(tenantId, answer);
      }
      return answer;
    },
  };
}

type None = Extract<TokenAnswer, { outcome: 'none' }>;
type Brought = None | { readonly outcome: 'token'; readonly accessToken: string; readonly expiresAt: number };

const REFUSED: None = {
  outcome: 'none',
  code: 'XW_XERO_UNAUTHORISED',
  reason: 'Xero rejected the access token that was provided, and the next one as well',
  retryMs: DISCONNECTED_MS,
};

function readBrought(brought: BroughtToken | null): Brought {
  if (brought === null) {
    const reason = 'the organisation is not connected: accessToken returned null for it';
    return { outcome: 'none', code: 'XW_XERO_NOT_CONNECTED', reason, retryMs: DISCONNECTED_MS };
  }
  const { accessToken, expiresAt } = Object(brought) as Partial<BroughtToken>;
  const time = timeOf(expiresAt);
  // A header's value: nothing that would end it, and with it our request.
  if (typeof accessToken === 'string' && /^[\x21-\x7e]+$/.test(accessToken) && time !== undefined)
    return { outcome: 'token', accessToken, expiresAt: time };
  const reason = 'accessToken must return null or { accessToken, expiresAt }, a string and a date';
  return { outcome: 'none', code: 'XW_XERO_TOKEN_MALFORMED', reason, retryMs: FAILED_MS };
}

/** Seconds since 1970 would be a day in January of that year: they are meant as what OAuth's `exp` is. */
const MIN_MILLISECONDS = 100_000_000_000;

function timeOf(expiresAt: unknown): number | undefined {
  const time = new Date(expiresAt as Date | string | number).getTime();
  if (Number.isNaN(time) || expiresAt === null || expiresAt === undefined) return undefined;
  return typeof expiresAt === 'number' && time < MIN_MILLISECONDS ? time * 1000 : time;
}

function failOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timed out')), { once: true });
  });
}
