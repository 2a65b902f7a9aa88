import { boundedError } from '@xero-webhooks/bounded';
import { bindXero } from './bind-xero.ts';
import { handlerError } from './handler-error.ts';
import type { Context, HandlerLog, NamedEvent } from './handler.ts';
import type { RegisteredHandler } from './registry.ts';
import { retryAfterMs } from './retry-after.ts';
import { createTimeLimit } from './time-limit.ts';
import { createVerdict, GaveUp, Parked } from './verdict.ts';
import type { XeroAccess } from './xero-access.ts';

/**
 * What one attempt of one handler came to. `retryAfterMs`: what a failed request asked to wait at least. `later`: it asked
 * for another try; `parked`: its organisation has no budget or token of Xero's now. `aborted`: the worker stopped it,
 * which is nobody's failure.
 */
export type HandlerOutcome =
  | { outcome: 'succeeded' }
  | { outcome: 'failed'; error: Error; retryAfterMs: number | undefined }
  | { outcome: 'gave-up'; error: Error }
  | { outcome: 'later' | 'parked'; delayMs: number; reason: string }
  | { outcome: 'aborted'; reason: string };

export type RunHandlerOptions = {
  event: NamedEvent;
  idempotencyKey: string;
  /** From 1. */
  attempt: number;
  log: HandlerLog;
  /** What it reads from Xero with. */
  xero: XeroAccess;
  /** How long it may take, in milliseconds; waits for Xero's limits do not count. */
  timeoutMs: number;
  /** Aborted when the worker has to stop it. */
  signal: AbortSignal;
  /** Told when a handler still runs after its result no longer counts, with a promise that ends when it does. */
  onAbandoned?: (ended: Promise<unknown>) => void;
};

/**
 * Runs one handler once. It returns when the handler does, or at once when its time is over or the worker stops it:
 * whatever the handler does after that no longer counts.
 */
export async function runHandler(handler: RegisteredHandler, options: RunHandlerOptions): Promise<HandlerOutcome> {
  const { event, timeoutMs } = options;
  if (options.signal.aborted) return { outcome: 'aborted', reason: reasonOf(options.signal) };
  const verdict = createVerdict();
  const timeout = createTimeLimit(timeoutMs, options.signal);
  const { signal } = timeout;
  const context: Context = {
    idempotencyKey: options.idempotencyKey,
    attempt: options.attempt,
    get log() {
      return options.log;
    },
    signal,
    giveUp: verdict.giveUp,
    retryIn: verdict.retryIn,
    ...bindXero(options.xero, verdict, { signal, onWait: timeout.halt }),
  };

  // A handler that throws at once, and one that rejects long after its time, are both caught here.
  const finished = Promise.try(() => handler.handle(event, context)).then(
    () => ({ returned: true as const }),
    (thrown: unknown) => ({ returned: false as const, ...failureOf(thrown) }),
  );
  const result = await Promise.race([finished, abortOf(signal)]);
  timeout.clear();
  if ('aborted' in result) options.onAbandoned?.(finished);

  if ('aborted' in result && !timeout.expired) return { outcome: 'aborted', reason: result.aborted };
  const said = verdict.said();
  // It was thrown through the handler, which can have changed it.
  if (said instanceof GaveUp) return { outcome: 'gave-up', error: boundedError(said) };
  if (said) {
    const outcome = said instanceof Parked ? 'parked' : 'later';
    return { outcome, delayMs: said.delayMs, reason: boundedError(said).message };
  }
  if ('aborted' in result) return { outcome: 'failed', error: new Error(result.aborted), retryAfterMs: undefined };
  if (result.returned) return { outcome: 'succeeded' };
  return { outcome: 'failed', error: result.error, retryAfterMs: result.retryAfterMs };
}

function abortOf(signal: AbortSignal): Promise<{ aborted: string }> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve({ aborted: reasonOf(signal) });
    // The handler itself can have brought the abort about.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function reasonOf({ reason }: AbortSignal): string {
  return boundedError(reason).message;
}

/** What is kept of what a handler threw. It is made at once: what was thrown may be large. */
function failureOf(thrown: unknown): { error: Error; retryAfterMs: number | undefined } {
  return { error: handlerError(thrown), retryAfterMs: retryAfterMs(thrown) };
}
