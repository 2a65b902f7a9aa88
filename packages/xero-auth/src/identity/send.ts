import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { retryAfterMs } from '@xero-webhooks/handlers';
import axios from 'axios';

/** What is sent. `form` is the body, as `application/x-www-form-urlencoded`. */
export type Outgoing = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
};

/**
 * What came back. `body` is the JSON of the answer, `undefined` where it is none; `retryMs` is what its `Retry-After` asks
 * for, in milliseconds. `silent`: nothing came back, and `reason` says why in a few words.
 */
export type Reply =
  | {
      readonly outcome: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly retryMs: number | undefined;
    }
  | { readonly outcome: 'silent'; readonly reason: string };

/** Sends one request. It never throws: the errors of axios carry the request along, and with it tokens and secrets. */
export type Send = (outgoing: Outgoing) => Promise<Reply>;

type Options = {
  /** The base of all paths. */
  url: string;
  /** How long an answer may take to be there as a whole, in milliseconds. @defaultValue 10000 */
  timeoutMs?: number;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

const MOST_BYTES = 1_000_000;

/** Idle connections are closed before Xero's side would, as Node's own agent does. */
const IDLE_MS = 5_000;

/** Makes what sends requests to Xero's identity server, or about connections. Redirects are not followed. */
export function createSend({ url, timeoutMs = 10_000, now = Date.now }: Options): Send {
  const { host } = new URL(url);
  const agent = { keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS } as const;
  const client = axios.create({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    maxRedirects: 0,
    maxContentLength: MOST_BYTES,
    responseType: 'text',
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });

  return async ({ method, path, headers = {}, form }) => {
    try {
      const { status, data, ...answer } = await client.request<unknown>({
        method,
        url: `${url}${path}`,
        headers: { accept: 'application/json', ...headers },
        ...(form && { data: new URLSearchParams(form) }),
        // Unlike axios's own timeout it also ends an answer that drips.
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { outcome: 'answer', status, body: parse(data), retryMs: retryAfterMs(answer, now()) };
    } catch (error) {
      return { outcome: 'silent', reason: `${host} does not answer (${faultOf(error, timeoutMs)})` };
    }
  };
}

/** Only the code: the rest of such an error may hold what was sent. */
function faultOf(error: unknown, timeoutMs: number): string {
  if (axios.isCancel(error)) return `nothing within ${timeoutMs} ms`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown fault';
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
