import type { IncomingHttpHeaders } from 'node:http';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';

/** How long the answer of what is forwarded to is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Passes a request on with its bytes and signature as they came.
 *
 * @returns its status, or why there was none
 */
export async function forward(url: string, body: Buffer, headers: IncomingHttpHeaders): Promise<number | string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        'content-type': headers['content-type'] ?? 'application/json; charset=utf-8',
        [SIGNATURE_HEADER]: String(headers[SIGNATURE_HEADER] ?? ''),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // Its body may never end.
    void response.body?.cancel().catch(() => {});
    return response.status;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof Error && cause.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
    if (!(cause instanceof Error)) return String(cause);
    return 'code' in cause ? String(cause.code) : cause.message;
  }
}
