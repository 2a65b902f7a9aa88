import { boundedError, boundedText, MAX_MESSAGE, MAX_STACK } from '@xero-webhooks/bounded';
import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { RetryPolicy } from '@xero-webhooks/runtime';
import { backoffMs } from '@xero-webhooks/runtime';
import type { GateHandler, LedgerDetails, LedgerEntry, LedgerResult } from './gate/protocol.ts';
import type { HandlerRun } from './job-outcome.ts';

/** Keeps only plain data of an error: if recording it threw, the handler would run again without a counted attempt. */
export function withPlainError(result: HandlerOutcome): HandlerOutcome {
  return 'error' in result ? { ...result, error: boundedError(result.error) } : result;
}

/** Counts anything thrown around a handler as a failure of that handler. */
export function failedWith(thrown: unknown): HandlerOutcome {
  return { outcome: 'failed', error: boundedError(thrown), retryAfterMs: undefined };
}

/**
 * What the ledger keeps of an attempt.
 *
 * @param failures how often the handler had failed before
 * @returns `undefined` for an aborted attempt, which changes nothing
 */
export function toLedgerResult(
  handler: GateHandler,
  result: HandlerOutcome,
  failures: number,
  retry: RetryPolicy,
): LedgerResult | undefined {
  switch (result.outcome) {
    case 'succeeded':
      return { handler, state: 'ok' };
    case 'failed': {
      const now = failures + 1;
      const details = detailsOf(result.error);
      if (now >= retry.attempts) return { handler, state: 'dead', delayMs: 0, failures: now, details };
      const delayMs = Math.max(backoffMs(retry, now), result.retryAfterMs ?? 0);
      return { handler, state: 'retry', delayMs, failures: now, details };
    }
    case 'gave-up':
      return { handler, state: 'dead', delayMs: 0, failures, details: detailsOf(result.error) };
    case 'later':
    case 'parked':
      return { handler, state: 'later', delayMs: result.delayMs, failures, details: { reason: result.reason } };
    case 'aborted':
      return undefined;
  }
}

function detailsOf({ message, stack = '' }: Error): LedgerDetails {
  return { reason: message, stack };
}

/** Joins the errors of all handlers that failed into the one that BullMQ keeps with the job and Bull Board shows. */
export function errorOfRuns(runs: readonly HandlerRun[]): Error | undefined {
  const failed = runs.flatMap(({ handler, result }) => ('error' in result ? [{ handler, error: result.error }] : []));
  if (failed.length === 0) return undefined;
  const message = failed.map(({ handler, error }) => `${handler}: ${error.message}`).join('; ');
  const stack = failed.map(({ handler, error }) => `${handler}: ${error.stack ?? error.message}`).join('\n');
  // Each error is bounded, but their number is not.
  const whole = new Error(boundedText(message, 2 * MAX_MESSAGE));
  whole.stack = boundedText(stack, 2 * MAX_STACK);
  return whole;
}

/** Does the same for handlers that failed in earlier runs. */
export function errorOfLedger(entries: readonly LedgerEntry[]): Error {
  const dead = entries.flatMap((entry) =>
    entry.state === 'dead' ? [`${entry.handler}: ${entry.details.reason}`] : [],
  );
  return new Error(boundedText(dead.join('; '), 2 * MAX_MESSAGE) || 'no handler can be retried');
}
