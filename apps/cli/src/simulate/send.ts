import { CodedError } from '@xero-webhooks/runtime';

/** What came back for one request. */
export type Reply = {
  /** `none` where there was no answer in time. */
  readonly status: number | 'none';
  readonly ms: number;
  /** What Xero's check of the intent to receive would complain about, whatever the status. */
  readonly faults: readonly string[];
};

/** Xero waits this long, in milliseconds. */
const XERO_PATIENCE_MS = 5_000;

/** A fault, in the words of Xero's portal. */
export const TOO_SLOW = 'Response took longer than 5 seconds';

/**
 * Sends one webhook as Xero does.
 *
 * @throws CodedError `XW_UNREACHABLE` where nothing answers
 */
export async function send(url: string, body: Uint8Array, headers: Record<string, string>): Promise<Reply> {
  const began = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Buffer.from(body),
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(3 * XERO_PATIENCE_MS),
    });
    const text = await response.text();
    const ms = performance.now() - began;
    const faults = [
      ...(text === '' ? [] : ['Response contains a body']),
      ...(response.headers.has('set-cookie') ? ['Response sets a cookie'] : []),
      ...(ms < XERO_PATIENCE_MS ? [] : [TOO_SLOW]),
    ];
    return { status: response.status, ms, faults };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw unreachable(url, code);
  }
}

/** The error that says that nothing answers at an address, and why. */
export function unreachable(url: string, cause: string): CodedError {
  return new CodedError(
    'XW_UNREACHABLE',
    `nothing answers at ${url} (${cause}): is it running? "pnpm start" starts it, --url names another address`,
  );
}
