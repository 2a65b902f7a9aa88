import { CodedError } from '@xero-webhooks/runtime';

export type Reply = {
  /** `none` if there was no answer in time. */
  readonly status: number | 'none';
  readonly ms: number;
  /** What Xero's check of the intent to receive would reject, apart from the status. */
  readonly faults: readonly string[];
  /** The cause, if there was no answer. */
  readonly unanswered?: string;
};

/** How long Xero waits for an answer, in milliseconds. */
const XERO_PATIENCE_MS = 5_000;

/** Worded as in Xero's portal. */
export const TOO_SLOW = 'Response took longer than 5 seconds';

/** Longer than Xero waits, to measure how late an answer is. In milliseconds. */
const OUR_PATIENCE_MS = 3 * XERO_PATIENCE_MS;

/** Sends one webhook as Xero does. It never throws: a request without an answer must not stop the others. */
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

export function unanswered(cause: string, ms: number): Reply {
  return { status: 'none', ms, faults: [`No answer (${cause})`], unanswered: cause };
}

/**
 * @throws CodedError `XW_UNREACHABLE` if none of the requests was answered: the address is wrong, or nothing runs there
 */
export function expectAnswers(url: string, replies: readonly Reply[]): void {
  const cause = replies[0]?.unanswered;
  if (cause === undefined || replies.some((reply) => reply.unanswered === undefined)) return;
  throw new CodedError(
    'XW_UNREACHABLE',
    `nothing answers at ${url} (${cause}): start it with "xw dev", or name another address with --url`,
  );
}

function causeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `nothing within ${OUR_PATIENCE_MS / 1000} seconds`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
