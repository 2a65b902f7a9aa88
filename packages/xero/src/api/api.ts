import { retryAfterMs } from '@xero-webhooks/handlers';
import type { HttpHeaders } from '@xero-webhooks/http-client';
import { createHttpClient } from '@xero-webhooks/http-client';
import type { XeroErrorCode } from '../xero-error.ts';
import { XeroError } from '../xero-error.ts';
import { blockedBy } from './blocked-by.ts';
import type { CallsLeft, XeroLimit } from './limit-headers.ts';
import { callsLeft, limitReached } from './limit-headers.ts';
import { problemText } from './problem-text.ts';
import { readJson } from './read-json.ts';

/** One read. */
export type XeroCall = {
  readonly tenantId: string;
  /** Below the base, for example `/api.xro/2.0/Invoices`. */
  readonly path: string;
  /** As it goes into the address, without the question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * What a call came to. `unauthorised`: Xero does not take the token; `forbidden`: nor is the organisation or the resource
 * for it; `transient`: the same call may well work a little later.
 */
export type CallResult = {
  readonly left: CallsLeft;
  /** How many bytes of answer came, as Xero sent them. */
  readonly bytes: number;
  /** 0 where there was no answer. */
  readonly status: number;
  /** False where Xero may still be at work on it: nobody has waited for its end. */
  readonly over: boolean;
} & (
  | { readonly outcome: 'answered'; readonly value: unknown }
  | { readonly outcome: 'too-many'; readonly limit: XeroLimit; readonly retryAfterMs: number | undefined }
  | { readonly outcome: 'unauthorised' | 'forbidden' | 'failed'; readonly error: XeroError }
  /** `late`: it has taken too long. */
  | { readonly outcome: 'transient'; readonly error: XeroError; readonly late?: boolean }
);

export type XeroApi = {
  /** Makes one call. It never throws: not where the signal is aborted either, which is `transient`. */
  call(call: XeroCall, accessToken: string, signal: AbortSignal): Promise<CallResult>;
  close(): void;
};

type Options = {
  /** XERO_API_URL. */
  apiUrl: string;
  /** How long one call may take, in milliseconds. */
  timeoutMs?: number;
};

/** A page of a thousand invoices has a few megabytes. */
const MAX_BYTES = 50_000_000;

/** No organisation has more than five calls at once; connections of those that have gone quiet are closed. */
const AGENT = { maxSockets: 256, maxFreeSockets: 16, timeout: 60_000 };

export const CALL_TIMEOUT_MS = 15_000;

/** Connections are kept, and shared by all organisations. */
export function createXeroApi({ apiUrl, timeoutMs = CALL_TIMEOUT_MS }: Options): XeroApi {
  const http = createHttpClient({ timeoutMs, maxBytes: MAX_BYTES, agent: AGENT });

  return {
    async call({ tenantId, path, query, headers }, accessToken, signal) {
      const result = await http.request({
        method: 'GET',
        url: `${apiUrl}${path}${query ? `?${query}` : ''}`,
        headers: { ...headers, 'xero-tenant-id': tenantId, authorization: `Bearer ${accessToken}` },
        signal,
      });
      if (result.outcome === 'answered') return resultOf(result);
      const { code, late, over } = result;
      return { ...NO_ANSWER, over, outcome: 'transient', error: unreachable(code, late), late };
    },
    close: http.close,
  };
}

const NO_ANSWER = { left: {}, bytes: 0, status: 0 } as const;

type Answered = { status: number; headers: HttpHeaders; text: string; bytes: number };

function resultOf({ status, headers, text, bytes }: Answered): CallResult {
  const about = { left: callsLeft(headers), bytes, status, over: true };
  const refusal = (code: XeroErrorCode): XeroError => refusedWith(code, { status, headers, text });
  const blocker = blockedBy({ status, headers, text });
  if (blocker !== undefined) return { ...about, outcome: 'transient', error: blocked(status, blocker, headers) };
  switch (status) {
    case 304:
      return { ...about, outcome: 'answered', value: {} };
    case 401:
      return { ...about, outcome: 'unauthorised', error: refusal('XW_XERO_UNAUTHORISED') };
    case 403:
      return { ...about, outcome: 'forbidden', error: refusal('XW_XERO_UNAUTHORISED') };
    case 404:
      return { ...about, outcome: 'failed', error: refusal('XW_XERO_NOT_FOUND') };
    case 429:
      return { ...about, outcome: 'too-many', limit: limitReached(headers), retryAfterMs: retryAfterMs({ headers }) };
    default:
  }
  if (status >= 500 || status === 408) return { ...about, outcome: 'transient', error: refusal('XW_XERO_REFUSED') };
  if (status < 200 || status >= 300) return { ...about, outcome: 'failed', error: refusal('XW_XERO_REFUSED') };
  try {
    return { ...about, outcome: 'answered', value: readJson(text) };
  } catch {
    const error = new XeroError('XW_XERO_ANSWER', 'Xero answered with something that is no JSON', {
      status,
      correlationId: correlationIdOf(headers),
    });
    return { ...about, outcome: 'transient', error };
  }
}

type Refusal = Omit<Answered, 'bytes'>;

/** It may pass, as an outage does, or somebody has to let the calls through. */
function blocked(status: number, blocker: string, headers: HttpHeaders): XeroError {
  const message = `something on the way to Xero answered ${status} in its place (${blocker}): let this machine's calls to Xero through there`;
  return new XeroError('XW_XERO_BLOCKED', message, { status, retryAfterMs: retryAfterMs({ headers }) });
}

function refusedWith(code: XeroErrorCode, { status, headers, text }: Refusal): XeroError {
  const said = problemText(text) || scopeProblem(headers);
  return new XeroError(code, `Xero answered ${status}${said ? `: ${said}` : ''}`, {
    status,
    correlationId: correlationIdOf(headers),
    retryAfterMs: retryAfterMs({ headers }),
  });
}

/** Where a body is missing, the word for what is wrong with a token is in a header (https://www.rfc-editor.org/rfc/rfc6750#section-3.1). */
function scopeProblem(headers: HttpHeaders): string {
  const challenge = headers['www-authenticate'];
  const [said = ''] =
    (typeof challenge === 'string' && /\b(?:insufficient_scope|invalid_token)\b/.exec(challenge)) || [];
  return said;
}

function correlationIdOf(headers: HttpHeaders): string | undefined {
  const id: unknown = headers['xero-correlation-id'];
  return typeof id === 'string' ? id : undefined;
}

function unreachable(code: string | undefined, late: boolean): XeroError {
  const reason = late ? 'it took too long' : (code ?? 'no answer');
  return new XeroError('XW_XERO_UNREACHABLE', `Xero could not be reached (${reason})`);
}
