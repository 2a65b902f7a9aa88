import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { retryAfterMs } from '@xero-webhooks/handlers';
import type { AxiosResponse } from 'axios';
import axios from 'axios';
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
const MOST_BYTES = 50_000_000;

/** No organisation has more than five calls at once; connections of those that have gone quiet are closed. */
const AGENT = { keepAlive: true, maxSockets: 256, maxFreeSockets: 16, timeout: 60_000 };

export const CALL_TIMEOUT_MS = 15_000;

/** Makes the client of Xero's API. Connections are kept and shared by all organisations. */
export function createXeroApi({ apiUrl, timeoutMs = CALL_TIMEOUT_MS }: Options): XeroApi {
  const httpAgent = new HttpAgent(AGENT);
  const httpsAgent = new HttpsAgent(AGENT);
  const http = axios.create({
    httpAgent,
    httpsAgent,
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: MOST_BYTES,
    // As it came: Xero bills what it sends, and what is no JSON must not pass for an answer.
    responseType: 'arraybuffer',
    decompress: false,
    transformResponse: [],
    validateStatus: () => true,
  });

  return {
    async call({ tenantId, path, query, headers }, accessToken, signal) {
      const url = `${apiUrl}${path}${query ? `?${query}` : ''}`;
      const timed = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const response = await http.get<Buffer>(url, {
          headers: {
            ...headers,
            accept: 'application/json',
            'accept-encoding': 'gzip, br',
            'xero-tenant-id': tenantId,
            ...bearer(accessToken),
          },
          signal: timed,
        });
        return resultOf(response, response.data.byteLength, await textOf(response));
      } catch (error) {
        const late = isLate(error, timed);
        const over = !timed.aborted && !late;
        return { ...NO_ANSWER, over, outcome: 'transient', error: unreachable(error, late), late };
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

const NO_ANSWER = { left: {}, bytes: 0, status: 0 } as const;

function bearer(accessToken: string): { authorization: string } {
  return { authorization: `Bearer ${accessToken}` };
}

function resultOf({ status, headers }: AxiosResponse, bytes: number, text: string): CallResult {
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

type Refusal = { status: number; headers: AxiosResponse['headers']; text: string };

/** It may pass, as an outage does, or somebody has to let the calls through. */
function blocked(status: number, blocker: string, headers: AxiosResponse['headers']): XeroError {
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
function scopeProblem(headers: AxiosResponse['headers']): string {
  const [said = ''] = /\b(?:insufficient_scope|invalid_token)\b/.exec(String(headers['www-authenticate'] ?? '')) ?? [];
  return said;
}

function correlationIdOf(headers: AxiosResponse['headers']): string | undefined {
  const id: unknown = headers['xero-correlation-id'];
  return typeof id === 'string' ? id : undefined;
}

const unzip = promisify(gunzip);
const unbrotli = promisify(brotliDecompress);

/** The text of an answer, however it was packed. */
async function textOf({ headers, data }: AxiosResponse<Buffer>): Promise<string> {
  const bounds = { maxOutputLength: MOST_BYTES };
  switch (headers['content-encoding']) {
    case 'gzip':
      return (await unzip(data, bounds)).toString('utf8');
    case 'br':
      return (await unbrotli(data, bounds)).toString('utf8');
    default:
      return data.toString('utf8');
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether its time was over, as we count it or as axios does. */
function isLate(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return codeOf(error) === 'ECONNABORTED';
}

/** Only the word for what went wrong: an error of axios carries the whole call along, and the token with it. */
function unreachable(error: unknown, late: boolean): XeroError {
  const code = codeOf(error) ?? 'no answer';
  return new XeroError('XW_XERO_UNREACHABLE', `Xero could not be reached (${late ? 'it took too long' : code})`);
}
