import type { AgentOptions } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { isRefusal, publicHttpAgent, publicHttpsAgent } from './public-agents.ts';
import { startOf } from './start-of.ts';
import { unpack } from './unpack.ts';

/**
 * `body` is sent as JSON if it is an object, as `application/x-www-form-urlencoded` if it is `URLSearchParams`, and as it is
 * if it is a text: name its type in `headers`.
 */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Readonly<Record<string, unknown>>;
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
      /**
       * For example `ECONNREFUSED`, and nothing else of the error: the rest may hold tokens and secrets. `EPRIVATE`: the
       * host has an address that is not public, and only those were allowed.
       */
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
  /**
   * `whole`: an answer counts if all of it has come. `start`: it counts as soon as its status has come, and what is longer
   * than `maxBytes`, or comes late, is left out. @defaultValue `whole`
   */
  answers?: 'whole' | 'start';
  /**
   * Whether to connect to no address but those of the public internet: not to those of private networks, of this machine
   * or of a cloud's metadata. The address that was checked is the one that is connected to. @defaultValue false
   */
  publicOnly?: boolean;
  /** On top of connections that are kept alive for five seconds, which is less than servers keep them. */
  agent?: AgentOptions;
};

const AGENT: AgentOptions = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 };

/**
 * The one way in which tokens and secrets leave over HTTP. Calls go to the address that was configured and nowhere else:
 * redirects are not followed, and HTTP_PROXY and HTTPS_PROXY are ignored.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs, maxBytes, publicOnly = false } = options;
  const whole = options.answers !== 'start';
  const agent = { ...AGENT, ...options.agent };
  const httpAgent = publicOnly ? publicHttpAgent(agent) : new HttpAgent(agent);
  const httpsAgent = publicOnly ? publicHttpsAgent(agent) : new HttpsAgent(agent);
  const http = axios.create({
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: whole ? maxBytes : -1,
    // We unpack and read it ourselves: the size as sent counts, and what is not JSON must not pass for an answer.
    responseType: whole ? 'arraybuffer' : 'stream',
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
        const response = await http.request<Buffer | Readable>({
          method,
          url,
          headers: { accept: 'application/json', 'accept-encoding': whole ? 'gzip, br' : 'identity', ...headers },
          // As bytes: axios would parse a text to see whether it is JSON.
          ...(body !== undefined && { data: typeof body === 'string' ? Buffer.from(body) : body }),
          signal: timed,
        });
        const { status, headers: received, data } = response;
        const bytes = Buffer.isBuffer(data) ? data : await startOf(data, maxBytes);
        const text = await unpack(bytes, whole ? received['content-encoding'] : undefined, maxBytes);
        return { outcome: 'answered', status, headers: received, text, bytes: bytes.byteLength };
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
  if (isRefusal(error)) return 'EPRIVATE';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}
