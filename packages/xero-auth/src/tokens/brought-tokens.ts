import type { AccessTokenProvider, BroughtToken } from '@xero-webhooks/handlers';
import type { Log } from '@xero-webhooks/runtime';
import { errorFields } from '@xero-webhooks/runtime';
import type { TokenAnswer, TokenSource } from './token-source.ts';
import { setBounded } from '@xero-webhooks/bounded';

/** A token, or that an organisation has none. Times are in milliseconds since 1970. */
type Known = {
  readonly answer: TokenAnswer;
  readonly since: number;
  readonly until: number;
  /** Whether it replaced a token that Xero had rejected. */
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

/** A token is not used this close to its expiry, in milliseconds: the call must arrive in time. */
const MARGIN_MS = 30_000;

/** Shortest time a token is cached, in milliseconds: the provider must not be called for every event. */
const MIN_MS = 5_000;

/** A refreshed token that is rejected this soon is not refreshed again, in milliseconds: its age is not the problem. */
const YOUNG_MS = 60_000;

const DISCONNECTED_MS = 60_000;
const FAILED_MS = 15_000;

/** Organisations whose tokens are cached: more than have events at the same time. */
const MAX_KNOWN = 50_000;

/**
 * Calls the provider once per organisation and token lifetime, however many events there are, and again if Xero rejects the
 * token.
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
      // Other reads may well work with it, but it is cached for a shorter time.
      learn(tenantId, answer, now() + YOUNG_MS, true);
      return REFUSED;
    }
    return learn(tenantId, answer, Math.max(expiresAt - MARGIN_MS, now() + MIN_MS), refresh);
  }

  async function bringInTime(tenantId: string, refresh: boolean): Promise<Brought> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const brought = await Promise.race([(async () => bring(tenantId, { refresh, signal }))(), failOn(signal)]);
      return readBrought(brought);
    } catch (error) {
      // The message is left out: the provider may have put a token into it.
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
  // It becomes a header: no line breaks or spaces.
  if (typeof accessToken === 'string' && /^[\x21-\x7e]+$/.test(accessToken) && time !== undefined)
    return { outcome: 'token', accessToken, expiresAt: time };
  const reason = 'accessToken must return null or { accessToken, expiresAt }, a string and a date';
  return { outcome: 'none', code: 'XW_XERO_TOKEN_MALFORMED', reason, retryMs: FAILED_MS };
}

/** Smaller numbers are seconds since 1970, like `exp` in OAuth: as milliseconds they would be a date before 1974. */
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
