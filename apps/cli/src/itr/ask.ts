import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** An answer, as far as Xero would look at it. */
export type Answer = {
  readonly status: number;
  /** Until the answer was whole, in milliseconds. */
  readonly ms: number;
  /** The beginning of its body. */
  readonly body: string;
  readonly cookies: boolean;
  readonly location: string | undefined;
};

/** `untrusted`: the certificate is not one that Xero would accept. `silent`: no whole answer within the patience. */
export type Asked =
  | ({ outcome: 'answered' } & Answer)
  | { outcome: 'untrusted'; code: string }
  | { outcome: 'silent'; ms: number }
  | { outcome: 'unreachable'; code: string };

/** How long an answer is waited for, in milliseconds: longer than Xero does, to say how long it took. */
export const PATIENCE_MS = 15_000;

/** As much of an answer's body as is read, in bytes. */
const MAX_BODY = 65_536;

/** What OpenSSL calls a certificate that cannot be trusted: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;

/**
 * Sends one request as Xero does, over a connection of its own.
 *
 * @param checkCertificate false to look at the rest although the certificate is not trusted
 */
export async function ask(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  { checkCertificate = true, patienceMs = PATIENCE_MS } = {},
): Promise<Asked> {
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': body.byteLength },
    signal: AbortSignal.timeout(patienceMs),
  };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = url.startsWith('https:')
        ? requestHttps(url, { ...options, rejectUnauthorized: checkCertificate })
        : requestHttp(url, options);
      sent.once('response', resolve).once('error', reject).end(body);
    });
    const text = await beginningOf(answer);
    const { statusCode = 0, headers: got } = answer;
    return {
      outcome: 'answered',
      status: statusCode,
      ms: elapsed(),
      body: text,
      cookies: got['set-cookie'] !== undefined,
      location: got.location,
    };
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
      return { outcome: 'silent', ms: elapsed() };
    }
    return { outcome: UNTRUSTED.test(code) ? 'untrusted' : 'unreachable', code };
  }
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_BODY);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  // Both families of addresses were tried.
  if (code === 'undefined' && error instanceof AggregateError) return codeOf(error.errors[0]);
  return code;
}
