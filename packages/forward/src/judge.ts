import { boundedText } from '@xero-webhooks/bounded';
import type { Sent } from '@xero-webhooks/handlers';
import { retryAfterMs } from '@xero-webhooks/handlers';
import type { HttpResult } from '@xero-webhooks/http-client';
import { CodedError } from '@xero-webhooks/runtime';
import { privateError } from './destination.ts';

/**
 * What a post says about its receiver. `well`: it answers; `ailing`: it does not, or is overloaded, and asks that nothing
 * comes for `waitMs` milliseconds; `unknown`: we did not wait for it.
 */
export type ReceiverState =
  | { readonly state: 'well' | 'unknown' }
  | { readonly state: 'ailing'; readonly reason: string; readonly waitMs: number };

/** What becomes of a message, and what that says about its receiver. */
export type Judged = { readonly sent: Sent; readonly receiver: ReceiverState };

/** Statuses whose `Retry-After` counts. */
const RETRY_AFTER = new Set([429, 502, 503, 504]);

/** The longest wait that holds for all messages to a receiver, in milliseconds. */
const MAX_WAIT_MS = 3_600_000;

/** How much of an answer to show, in characters. */
const SHOWN = 200;

/**
 * What becomes of a message by what its receiver answered
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#responses).
 *
 * @param shown the receiver, in words
 */
export function judge(result: HttpResult, shown: string): Judged {
  if (result.outcome === 'silent') return judgeSilence(result, shown);
  const { status, headers, text } = result;
  if (status >= 200 && status < 300) return { sent: { outcome: 'delivered' }, receiver: { state: 'well' } };
  if (status === 410) {
    return {
      sent: { outcome: 'gone', reason: `${shown} answered 410: it wants no more` },
      receiver: { state: 'well' },
    };
  }
  const said =
    status >= 300 && status < 400 ? ': redirects are not followed, name the address that it leads to' : quoted(text);
  const error = new CodedError('XW_FORWARD_REFUSED', `${shown} answered ${status}${said}`);
  const retryAfter = RETRY_AFTER.has(status) ? headers['retry-after'] : undefined;
  const sent: Sent = {
    outcome: 'failed',
    // In the form that a handler's failure is searched for, so that the next attempt waits as long.
    error: Object.assign(error, {
      status,
      ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
    }),
  };
  if (status < 500 && status !== 408 && status !== 429) return { sent, receiver: { state: 'well' } };
  const waitMs = Math.min(retryAfterMs(error) ?? 0, MAX_WAIT_MS);
  return { sent, receiver: { state: 'ailing', reason: `it answered ${status}`, waitMs } };
}

function judgeSilence({ code, late, over }: Extract<HttpResult, { outcome: 'silent' }>, shown: string): Judged {
  const failed = (reason: string): Sent => ({
    outcome: 'failed',
    error: new CodedError('XW_FORWARD_UNREACHABLE', `${shown} cannot be reached: ${reason}`),
  });
  const ailing = (reason: string): ReceiverState => ({ state: 'ailing', reason, waitMs: 0 });
  if (code === 'EPRIVATE') {
    return { sent: { outcome: 'failed', error: privateError(shown) }, receiver: ailing('its address is not public') };
  }
  if (late) return { sent: failed('it did not answer in time'), receiver: ailing('it did not answer in time') };
  if (!over) return { sent: failed('the attempt was stopped'), receiver: { state: 'unknown' } };
  return { sent: failed(code ?? 'no code'), receiver: ailing(`it cannot be reached (${code ?? 'no code'})`) };
}

function quoted(text: string): string {
  const line = boundedText(text.replaceAll(/\s+/g, ' ').trim(), SHOWN);
  return line === '' ? '' : `: ${line}`;
}
