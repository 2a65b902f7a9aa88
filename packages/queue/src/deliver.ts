import { setTimeout } from 'node:timers/promises';
import { boundedError, boundedText, MAX_MESSAGE, MAX_STACK } from '@xero-webhooks/bounded';
import { doublingWait } from '@xero-webhooks/runtime';
import { fixedWidthDate } from '@xero-webhooks/webhook';
import type { EventJobData } from './event-job.ts';
import { jobLost } from './job-lost.ts';
import type { AtWork } from './at-work.ts';
import type { Gate } from './gate/gate.ts';
import type { AwaitedHandler, Begin, Due, GateEvent, GateHandler, LedgerResult } from './gate/protocol.ts';
import type { Isolation, Leave } from './isolation.ts';
import { redisFault } from './redis-faults.ts';
import { backoffMs } from './retry-policy.ts';
import { blameOf } from './run-stopped.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** A job that a worker has taken, and the token under which it has it. */
export type TakenJob = {
  readonly id: string;
  readonly token: string;
  /** How often it has been given out, this time included. */
  readonly fetch: number;
  /** How often it was found without its worker. */
  readonly stalls: number;
  readonly name: string;
  readonly data: EventJobData;
};

/** A handler of an event, as the gate and the locks see it. */
export type RoutedHandler = GateHandler & {
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
};

/**
 * What one attempt of one handler came to. `retryAfterMs`: what a failed request asked to wait at least. `later`: it asked
 * for another try; `parked`: there is no budget or token now; `aborted`: the worker stopped it. None of these three uses
 * an attempt.
 */
export type HandlerResult =
  | { outcome: 'succeeded' }
  | { outcome: 'failed'; error: Error; retryAfterMs: number | undefined }
  | { outcome: 'gave-up'; error: Error }
  | { outcome: 'later' | 'parked'; delayMs: number; reason: string }
  | { outcome: 'aborted'; reason: string };

/** One attempt of one handler: what it came to and how long it took, in milliseconds. */
export type HandlerRun = {
  readonly handler: string;
  readonly attempt: number;
  readonly result: HandlerResult;
  readonly ms: number;
};

export type RunHandler = (
  job: TakenJob,
  handler: string,
  attempt: number,
  signal: AbortSignal,
) => Promise<HandlerResult>;

/**
 * What became of a job that a worker has taken. `unhandled`: nobody listens. `duplicate`: it was handled before. `busy`:
 * another event of the resource is at work. `waiting`: some handler is to run again, in `dueMs`; `error` where one has
 * failed, `awaited` where a handler that this worker does not have has yet to succeed. `dead`: no handler can be retried, and at least one has not succeeded.
 */
export type Delivery =
  | { outcome: 'unhandled' }
  | { outcome: 'duplicate' }
  | { outcome: 'busy'; lockMs: number; event: GateEvent }
  | { outcome: 'handled'; runs: readonly HandlerRun[]; following: string | undefined }
  | ({
      outcome: 'waiting';
      runs: readonly HandlerRun[];
      error: Error | undefined;
      awaited?: AwaitedHandler | undefined;
      following: string | undefined;
    } & Due)
  | { outcome: 'dead'; runs: readonly HandlerRun[]; error: Error; following: string | undefined };

export type DeliverOptions = {
  gate: Gate;
  route: (eventName: string) => readonly RoutedHandler[];
  runHandler: RunHandler;
  retry: RetryPolicy;
  /** How long an attempt may stand still beyond its handler's time, while it waits for a limit, in milliseconds. */
  haltMs: number;
  isolation: Isolation;
  atWork: AtWork;
  /** Told of an event that runs alone from now on, because `lost` runs of it ended with their process. */
  onSuspect: (job: TakenJob, lost: number, cause: string) => void;
};

/** The wait until Redis is told again what it has refused, in milliseconds: at first, and at most. */
const REFUSED_WAIT_MS = { first: 50, max: 1_000 };

/** How long a suspect leaves a process alone in which too many others wait, in milliseconds. */
const CROWDED_DELAY_MS = 1_000;

/** The lock of a resource outlives the longest attempt by this, in milliseconds. */
const LOCK_MARGIN_MS = 5_000;

/**
 * Delivers a job to those of its handlers that have not succeeded: through the gate, all of them in parallel, and back
 * through the gate. Each success is recorded as soon as it happens.
 */
export async function deliver(job: TakenJob, signal: AbortSignal, options: DeliverOptions): Promise<Delivery> {
  const handlers = options.route(job.name);
  // Where nobody has had the job before, nothing is on record of it either.
  if (handlers.length === 0 && job.fetch <= 1) return { outcome: 'unhandled' };

  const event = gateEvent(job, handlers);
  const entering = options.isolation.enter();
  const leave = typeof entering === 'function' ? entering : await entering;
  if (!leave) return putBack(Date.now(), 0);
  try {
    const began = await begin(event, false, options);
    if (began.outcome !== 'suspect') return await proceed(job, event, began, signal, options);
    options.onSuspect(job, began.lost, began.cause);
  } finally {
    leave();
  }
  return deliverAlone(job, event, signal, options);
}

/** Runs a suspect once nothing else runs in this process. */
async function deliverAlone(
  job: TakenJob,
  event: GateEvent,
  signal: AbortSignal,
  options: DeliverOptions,
): Promise<Delivery> {
  const leave: Leave | undefined = await options.isolation.enterAlone(signal);
  if (!leave) return putBack(Date.now() + CROWDED_DELAY_MS, CROWDED_DELAY_MS);
  try {
    const began = await begin(event, true, options);
    return await proceed(job, event, began, signal, options);
  } finally {
    leave();
  }
}

function begin(event: GateEvent, alone: boolean, { gate, haltMs }: DeliverOptions): Promise<Begin> {
  const handlers = event.handlers as readonly RoutedHandler[];
  const longest = Math.max(0, ...handlers.map(({ timeoutMs }) => timeoutMs)) + haltMs;
  return gate.begin(event, longest + LOCK_MARGIN_MS, alone);
}

async function proceed(
  job: TakenJob,
  event: GateEvent,
  began: Begin,
  signal: AbortSignal,
  options: DeliverOptions,
): Promise<Delivery> {
  switch (began.outcome) {
    case 'busy':
      return { outcome: 'busy', lockMs: began.lockMs, event };
    case 'lost':
      throw jobLost();
    case 'settled':
      return { outcome: event.handlers.length === 0 ? 'unhandled' : 'duplicate' };
    case 'early':
      return { ...putBack(began.dueAt, began.dueMs), awaited: began.awaited };
    case 'suspect':
      // It became one between the two looks: the next time it is known from the start.
      return putBack(Date.now(), 0);
    case 'dead':
      return { outcome: 'dead', runs: [], error: await lastError(options.gate, job), following: undefined };
    case 'run':
      return runAll(job, event, began, signal, options);
  }
}

function putBack(dueAt: number, dueMs: number): Extract<Delivery, { outcome: 'waiting' }> {
  return { outcome: 'waiting', runs: [], dueAt, dueMs, error: undefined, following: undefined };
}

async function runAll(
  job: TakenJob,
  event: GateEvent,
  { handlers: due, lost }: Extract<Begin, { outcome: 'run' }>,
  signal: AbortSignal,
  { gate, runHandler, retry, atWork }: DeliverOptions,
): Promise<Delivery> {
  let running = due.length;
  const atWorkHere: (() => void)[] = [];
  const runs = await Promise.all(
    due.map(async ({ name, failures }): Promise<HandlerRun & { failures: number }> => {
      const began = performance.now();
      const attempt = failures + lost + 1;
      const handler = event.handlers.find((one) => one.name === name) as RoutedHandler;
      const place = atWork.add(event, job.name, handler);
      const result = await Promise.try(() => runHandler(job, name, attempt, signal)).then(bounded, asFailure);
      const ms = performance.now() - began;
      running--;
      if (result.outcome !== 'succeeded') place.end();
      else {
        place.succeeded();
        // The last one goes with the end of the attempt, which for most events saves a round trip. The end records the
        // others again: a fault of Redis must not end the attempt while some still run.
        if (running > 0) await gate.record(event, handler).catch(() => {});
        atWorkHere.push(place.end);
      }
      return { handler: name, attempt, result, ms, failures };
    }),
  );

  const results = runs.flatMap((run) => ledgerResult(run, retry));
  const blame = blameOf(signal);
  const finished = await untilAccepted(() => gate.finish(event, results, blame), signal).finally(() => {
    for (const end of atWorkHere) end();
  });
  const { outcome, following, dueAt, dueMs } = finished;
  switch (outcome) {
    case 'settled':
      return { outcome: 'handled', runs, following };
    case 'waiting':
      return { outcome: 'waiting', runs, dueAt, dueMs, error: errorOf(runs), following };
    case 'dead':
      return { outcome: 'dead', runs, error: errorOf(runs) ?? (await lastError(gate, job)), following };
  }
}

/**
 * What handlers have come to is on nobody else's record: as long as Redis refuses it, in the middle of a failover or
 * without enough replicas, it is told again, until the job is lost.
 */
async function untilAccepted<Result>(tell: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (let tries = 0; ; tries++) {
    const lastTry = signal.aborted;
    try {
      return await tell();
    } catch (error) {
      if (lastTry || redisFault(error) === undefined) throw error;
      await setTimeout(doublingWait(REFUSED_WAIT_MS, tries), undefined, { signal }).catch(() => {});
    }
  }
}

function gateEvent({ id, token, fetch, stalls, data }: TakenJob, handlers: readonly RoutedHandler[]): GateEvent {
  const { tenantId, resourceId, eventDateUtc } = data.event;
  const date = fixedWidthDate(eventDateUtc) ?? eventDateUtc;
  return { jobId: id, token, fetch, stalls, tenantId, resourceId, date, handlers };
}

/** What is kept of an error is plain data, whoever made it: what throws here would be tried again without being counted. */
function bounded(result: HandlerResult): HandlerResult {
  return 'error' in result ? { ...result, error: boundedError(result.error) } : result;
}

/** What goes wrong around a handler counts as its failure. */
function asFailure(thrown: unknown): HandlerResult {
  return { outcome: 'failed', error: boundedError(thrown), retryAfterMs: undefined };
}

function ledgerResult(
  { handler, result, failures }: HandlerRun & { failures: number },
  retry: RetryPolicy,
): LedgerResult[] {
  switch (result.outcome) {
    case 'succeeded':
      return [{ handler, state: 'ok' }];
    case 'failed': {
      const now = failures + 1;
      const details = { reason: result.error.message, stack: result.error.stack ?? '' };
      if (now >= retry.attempts) return [{ handler, state: 'dead', delayMs: 0, failures: now, details }];
      const delayMs = Math.max(backoffMs(retry, now), result.retryAfterMs ?? 0);
      return [{ handler, state: 'retry', delayMs, failures: now, details }];
    }
    case 'gave-up': {
      const details = { reason: result.error.message, stack: result.error.stack ?? '' };
      return [{ handler, state: 'dead', delayMs: 0, failures, details }];
    }
    case 'later':
    case 'parked':
      return [{ handler, state: 'later', delayMs: result.delayMs, failures, details: { reason: result.reason } }];
    case 'aborted':
      return [];
  }
}

/** One error for all handlers that failed: what BullMQ keeps with the job, and Bull Board shows. */
function errorOf(runs: readonly HandlerRun[]): Error | undefined {
  const failed = runs.flatMap(({ handler, result }) => ('error' in result ? [{ handler, error: result.error }] : []));
  if (failed.length === 0) return undefined;
  const message = failed.map(({ handler, error }) => `${handler}: ${error.message}`).join('; ');
  const stack = failed.map(({ handler, error }) => `${handler}: ${error.stack ?? error.message}`).join('\n');
  // Each is bounded, but not how many there are.
  const whole = new Error(boundedText(message, 2 * MAX_MESSAGE));
  whole.stack = boundedText(stack, 2 * MAX_STACK);
  return whole;
}

/** The same, of handlers that failed in earlier attempts. */
async function lastError(gate: Gate, { id, data }: TakenJob): Promise<Error> {
  const entries = await gate.read(data.event.tenantId, id);
  const dead = entries.flatMap((entry) =>
    entry.state === 'dead' ? [`${entry.handler}: ${entry.details.reason}`] : [],
  );
  return new Error(boundedText(dead.join('; '), 2 * MAX_MESSAGE) || 'no handler can be retried');
}
