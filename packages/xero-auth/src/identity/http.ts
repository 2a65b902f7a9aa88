import { retryAfterMs } from '@xero-webhooks/handlers';
import { createHttpClient } from '@xero-webhooks/http-client';

/** `form` is the body, as `application/x-www-form-urlencoded`. */
export type Outgoing = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
};

/**
 * `body` is `undefined` if the answer is not JSON; `retryMs` is its `Retry-After`, in milliseconds. `silent`: there was no
 * answer, and `reason` says why in a few words.
 */
export type Reply =
  | {
      readonly outcome: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly retryMs: number | undefined;
    }
  | { readonly outcome: 'silent'; readonly reason: string };

/** Sends one request. It never throws, and no reason contains tokens or secrets. */
export type Send = (outgoing: Outgoing) => Promise<Reply>;

type SendOptions = {
  /** The base of all paths. */
  url: string;
  /** For the whole answer, in milliseconds. @defaultValue 10000 */
  timeoutMs?: number;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

const MAX_BYTES = 1_000_000;

/** For requests to Xero's identity server and about connections. */
export function createSend({ url, timeoutMs = 10_000, now = Date.now }: SendOptions): Send {
  const { host } = new URL(url);
  const http = createHttpClient({ timeoutMs, maxBytes: MAX_BYTES });

  return async ({ method, path, headers, form }) => {
    const result = await http.request({
      method,
      url: `${url}${path}`,
      ...(headers && { headers }),
      ...(form && { body: new URLSearchParams(form) }),
    });
    if (result.outcome === 'silent') {
      const fault = result.late ? `nothing within ${timeoutMs} ms` : (result.code ?? 'unknown fault');
      return { outcome: 'silent', reason: `${host} does not answer (${fault})` };
    }
    const { status, text } = result;
    return { outcome: 'answer', status, body: parse(text), retryMs: retryAfterMs(result, now()) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
