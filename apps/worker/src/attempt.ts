import type { HandlerOutcome, RegisteredHandler, Registry } from '@xero-webhooks/handlers';
import { runHandler } from '@xero-webhooks/handlers';
import type { Attempt, AttemptOutcome, RetryPolicy } from '@xero-webhooks/queue';
import { backoffMs } from '@xero-webhooks/queue';
import type { Logger } from '@xero-webhooks/runtime';

type Options = {
  registry: Registry;
  retry: RetryPolicy;
  /** How long a handler may take that names no time of its own, in milliseconds. */
  timeoutMs: number;
  /** Aborted when the process has to stop. */
  signal: AbortSignal;
  log: Logger;
};

type HandlerRun = { name: string; result: HandlerOutcome; ms: number };

/** Makes the function that runs an event's handlers once, in parallel, and writes one wide line about it. */
export function createAttempt(options: Options): (attempt: Attempt) => Promise<AttemptOutcome> {
  const { registry, retry, log } = options;

  return async (attempt) => {
    const began = performance.now();
    const handlers = registry.route(attempt.name);
    const runs = await Promise.all(handlers.map((handler) => runOne(handler, attempt, options)));
    const outcome = outcomeOf(runs, attempt.failures + 1, retry);
    logAttempt(log, attempt, runs, outcome, performance.now() - began);
    return outcome;
  };
}

async function runOne(handler: RegisteredHandler, attempt: Attempt, options: Options): Promise<HandlerRun> {
  const { jobId, name, data, failures } = attempt;
  const began = performance.now();
  const result = await runHandler(handler, {
    event: { ...data.event, name },
    idempotencyKey: `${jobId}.${handler.name}`,
    attempt: failures + 1,
    log: options.log.child({ event: name, key: jobId, handler: handler.name, attempt: failures + 1 }),
    timeoutMs: handler.timeoutMs ?? options.timeoutMs,
    signal: options.signal,
  });
  return { name: handler.name, result, ms: performance.now() - began };
}

function outcomeOf(runs: readonly HandlerRun[], failures: number, retry: RetryPolicy): AttemptOutcome {
  const failed = runs.filter(({ result }) => result.outcome === 'failed' || result.outcome === 'gave-up');
  const error = summary(failed);
  if (failed.some(({ result }) => result.outcome === 'failed') && failures < retry.attempts) {
    const hints = failed.map(({ result }) => (result.outcome === 'failed' ? (result.retryAfterMs ?? 0) : 0));
    return { outcome: 'retry', delayMs: Math.max(backoffMs(retry, failures), ...hints), error };
  }
  const waits = runs.flatMap(({ result }) => {
    if (result.outcome === 'later') return [result.delayMs];
    return result.outcome === 'aborted' ? [0] : [];
  });
  if (waits.length > 0) return { outcome: 'later', delayMs: Math.min(...waits) };
  return failed.length > 0 ? { outcome: 'dead', error } : { outcome: 'handled' };
}

/** One error for all handlers that failed: what BullMQ keeps and Bull Board shows. */
function summary(failed: readonly HandlerRun[]): Error {
  const errors = failed.flatMap(({ name, result }) => ('error' in result ? [{ name, error: result.error }] : []));
  const whole = new Error(errors.map(({ name, error }) => `${name}: ${error.message}`).join('; '));
  whole.stack = errors.map(({ name, error }) => `${name}: ${error.stack ?? error.message}`).join('\n');
  return whole;
}

function logAttempt(
  log: Logger,
  attempt: Attempt,
  runs: readonly HandlerRun[],
  result: AttemptOutcome,
  ms: number,
): void {
  const { jobId, name, data, failures } = attempt;
  const fields = {
    event: name,
    key: jobId,
    tenantId: data.event.tenantId,
    resourceId: data.event.resourceId,
    deliveryId: data.deliveryId,
    attempt: failures + 1,
    outcome: result.outcome,
    handlers: Object.fromEntries(runs.map((run) => [run.name, run.result.outcome])),
    ms: round(ms),
    sinceReceivedMs: Date.now() - data.receivedAt,
  };
  switch (result.outcome) {
    case 'handled':
      if (runs.length === 0) log.warn({ ...fields, outcome: 'unhandled' }, 'no handler listens for this event');
      else log.info(fields, 'event handled');
      return;
    case 'retry':
      log.warn({ ...fields, error: result.error.message, nextInMs: result.delayMs }, 'event failed, to be tried again');
      return;
    case 'later':
      log.info({ ...fields, nextInMs: result.delayMs }, 'event put back for later');
      return;
    case 'dead':
      log.error({ ...fields, error: result.error.message, alert: 'dead-letter' }, 'event is a dead letter');
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
