import type { AgentOptions } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios from 'axios';
import { unpack } from './unpack.ts';

/** `body` is sent as JSON if it is an object, as `application/x-www-form-urlencoded` if it is `URLSearchParams`. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | Readonly<Record<string, unknown>>;
  /** Ends the call before its timeout. */
  readonly signal?: AbortSignal;
};

/** By their names in lower case. */
export type HttpHeaders = Readonly<Record<string, unknown>>;

/** `answered` whatever the status, redirects included. */
export type HttpResult =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly text: string;
      /** The size of the body as it was sent, compressed or not. */
      readonly bytes: number;
    }
  | {
      readonly outcome: 'silent';
      /** For example `ECONNREFUSED`, and nothing else of the error: the rest may hold tokens and secrets. */
      readonly code: string | undefined;
      /** It took longer than the timeout, or than a signal made with `AbortSignal.timeout`. */
      readonly late: boolean;
      /** False if we stopped waiting: the other side may still be at work on the call. */
      readonly over: boolean;
    };

export type HttpClient = {
  /** It never throws: an error of axios carries the request, and with it tokens and secrets. */
  request(request: HttpRequest): Promise<HttpResult>;
  /** Closes all connections. */
  close(): void;
};

type HttpClientOptions = {
  /** For the whole answer, in milliseconds: one that arrives byte by byte is cut off as well. */
  timeoutMs: number;
  /** The longest body, compressed and uncompressed. */
  maxBytes: number;
  /** On top of connections that are kept alive for five seconds, which is less than servers keep them. */
  agent?: AgentOptions;
};

const AGENT: AgentOptions = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 };

/**
 * The one way in which tokens and secrets leave over HTTP. Calls go to the address that was configured and nowhere else:
 * redirects are not followed, and HTTP_PROXY and HTTPS_PROXY are ignored.
 */
export function createHttpClient({ timeoutMs, maxBytes, agent }: HttpClientOptions): HttpClient {
  const httpAgent = new HttpAgent({ ...AGENT, ...agent });
  const httpsAgent = new HttpsAgent({ ...AGENT, ...agent });
  const http = axios.create({
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxBytes,
    // We unpack and read it ourselves: the size as sent counts, and what is not JSON must not pass for an answer.
    responseType: 'arraybuffer',
    decompress: false,
    transformResponse: [],
    validateStatus: () => true,
  });

  return {
    async request({ method, url, headers, body, signal }) {
      // Unlike axios's own timeout, this also ends an answer that trickles in.
      const timeout = AbortSignal.timeout(timeoutMs);
      const timed = signal ? AbortSignal.any([signal, timeout]) : timeout;
      try {
        const response = await http.request<Buffer>({
          method,
          url,
          headers: { accept: 'application/json', 'accept-encoding': 'gzip, br', ...headers },
          ...(body && { data: body }),
          signal: timed,
        });
        const { status, headers: received, data } = response;
        const text = await unpack(data, received['content-encoding'], maxBytes);
        return { outcome: 'answered', status, headers: received, text, bytes: data.byteLength };
      } catch (error) {
        const late = timed.aborted && timed.reason instanceof Error && timed.reason.name === 'TimeoutError';
        return { outcome: 'silent', code: codeOf(error), late, over: !timed.aborted };
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}
