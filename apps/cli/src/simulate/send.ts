import { CodedError } from '@xero-webhooks/runtime';

/** What came back for one request. */
export type Reply = {
  /** `none` where there was no answer in time. */
  readonly status: number | 'none';
  readonly ms: number;
  /** What Xero's check of the intent to receive would complain about, whatever the status. */
  readonly faults: readonly string[];
  /** Why there was no answer, in a word. */
  readonly unanswered?: string;
};

/** Xero waits this long, in milliseconds. */
const XERO_PATIENCE_MS = 5_000;

/** A fault, in the words of Xero's portal. */
export const TOO_SLOW = 'Response took longer than 5 seconds';

/** How long an answer is waited for, in milliseconds: longer than Xero does, to say how long it took. */
const OUR_PATIENCE_MS = 3 * XERO_PATIENCE_MS;

/** Sends one webhook as Xero does. It does not throw: of many requests one without an answer is no reason to stop. */
export async function send(url: string, body: Uint8Array, headers: Record<string, string>): Promise<Reply> {
  const began = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Buffer.from(body),
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(OUR_PATIENCE_MS),
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
    return unanswered(causeOf(error), performance.now() - began);
  }
}

/** The reply that stands for none. */
export function unanswered(cause: string, ms: number): Reply {
  return { status: 'none', ms, faults: [`No answer (${cause})`], unanswered: cause };
}

/**
 * Whoever gets no answer at all has the wrong address, or nothing runs there.
 *
 * @throws CodedError `XW_UNREACHABLE` where none of the requests was answered
 */
export function expectAnswers(url: string, replies: readonly Reply[]): void {
  const cause = replies[0]?.unanswered;
  if (cause === undefined || replies.some((reply) => reply.unanswered === undefined)) return;
  throw new CodedError(
    'XW_UNREACHABLE',
    `nothing answers at ${url} (${cause}): is it running? "pnpm start" starts it, --url names another address`,
  );
}

function causeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `nothing within ${OUR_PATIENCE_MS / 1000} seconds`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
