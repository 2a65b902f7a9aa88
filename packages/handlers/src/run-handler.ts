import { boundedError } from '@xero-webhooks/bounded';
import { bindForward } from './bind-forward.ts';
import { bindXero, valueOf } from './bind-xero.ts';
import type { Calls } from './calls.ts';
import type { Forwarder } from './forwarder.ts';
import { handlerError } from './handler-error.ts';
import type { Context, HandlerLog, NamedEvent } from './handler.ts';
import type { RegisteredHandler } from './registry.ts';
import { retryAfterMs } from './retry-after.ts';
import { createTimeLimit } from './time-limit.ts';
import { createVerdict, GaveUp, Parked } from './verdict.ts';
import type { XeroAccess } from './xero-access.ts';

/**
 * The outcome of one attempt. `retryAfterMs`: the shortest wait that a failed request asked for. `later`: the handler called
 * `retryIn`; `parked`: its organisation has no API budget or token now, or a receiver keeps failing. `aborted`: the worker stopped it, which does not
 * count as a failure.
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
  xero: XeroAccess;
  forwarder: Forwarder;
  calls: Calls;
  /** Whether an attempt fails that returns before its reads from Xero have ended. Otherwise that is only a warning. */
  failsUnawaited: boolean;
  /** Time limit in milliseconds, without waits for Xero's limits. */
  timeoutMs: number;
  /** Aborted when the worker has to stop the handler. */
  signal: AbortSignal;
  /** Called if the handler still runs when its result no longer counts. `ended` resolves when it ends. */
  onAbandoned?: (ended: Promise<unknown>) => void;
};

/**
 * Runs one handler once. It returns when the handler does, or as soon as it times out or the worker stops it: what the
 * handler does after that no longer counts.
 */
export async function runHandler(handler: RegisteredHandler, options: RunHandlerOptions): Promise<HandlerOutcome> {
  const { event, idempotencyKey, attempt, forwarder, calls, timeoutMs } = options;
  if (options.signal.aborted) return { outcome: 'aborted', reason: reasonOf(options.signal) };
  const verdict = createVerdict();
  const timeout = createTimeLimit(timeoutMs, options.signal);
  const { signal } = timeout;
  const readOptions = { signal, onWait: timeout.pause };
  const read = (): Promise<unknown> => valueOf(options.xero.resource(readOptions), verdict);
  const context: Context = {
    idempotencyKey,
    attempt,
    get log() {
      return options.log;
    },
    signal,
    giveUp: verdict.giveUp,
    retryIn: verdict.retryIn,
    ...bindXero({ access: options.xero, verdict, calls, readOptions }),
    ...bindForward({ forwarder, event, idempotencyKey, attempt, read, verdict, calls, signal }),
  };

  // This also catches a handler that throws synchronously, and one that rejects long after its timeout.
  const finished = (async () => handler.handle(event, context))().then(
    () => ({ returned: true as const }),
    (thrown: unknown) => ({ returned: false as const, ...failureOf(thrown) }),
  );
  const result = await Promise.race([finished, abortOf(signal)]);
  timeout.clear();
  if ('aborted' in result) options.onAbandoned?.(finished);

  if ('aborted' in result && !timeout.expired) return { outcome: 'aborted', reason: result.aborted };
  const said = verdict.said();
  // It was thrown through the handler, which may have changed it.
  if (said instanceof GaveUp) return { outcome: 'gave-up', error: boundedError(said) };
  if (said) {
    const outcome = said instanceof Parked ? 'parked' : 'later';
    return { outcome, delayMs: said.delayMs, reason: boundedError(said).message };
  }
  if ('aborted' in result) return { outcome: 'failed', error: new Error(result.aborted), retryAfterMs: undefined };
  if (result.returned) return endOfCalls(handler, options);
  return { outcome: 'failed', error: result.error, retryAfterMs: result.retryAfterMs };
}

/** A handler that has returned has succeeded, unless it has left a read or a forward that it did not await. */
function endOfCalls({ name }: RegisteredHandler, options: RunHandlerOptions): HandlerOutcome {
  const explain = (fault: string): string => `an await is missing in handler ${name}: ${fault}`;
  const warn = (fault: string): void => options.log.warn({ code: 'XW_HANDLER_AWAIT' }, explain(fault));
  const missing = options.calls.end(warn);
  if (missing.length === 0) return { outcome: 'succeeded' };
  const faults = missing.map(({ fault }) => fault);
  if (!options.failsUnawaited && !missing.some(({ loses }) => loses)) {
    for (const fault of faults) warn(fault);
    return { outcome: 'succeeded' };
  }
  const error = Object.assign(new Error(explain(faults.join('; '))), { code: 'XW_HANDLER_AWAIT' });
  return { outcome: 'failed', error, retryAfterMs: undefined };
}

function abortOf(signal: AbortSignal): Promise<{ aborted: string }> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve({ aborted: reasonOf(signal) });
    // The handler itself may have caused the abort.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function reasonOf({ reason }: AbortSignal): string {
  return boundedError(reason).message;
}

/** Read at once, so that what was thrown, which may be large, is not kept. */
function failureOf(thrown: unknown): { error: Error; retryAfterMs: number | undefined } {
  return { error: handlerError(thrown), retryAfterMs: retryAfterMs(thrown) };
}
