import { setTimeout } from 'node:timers/promises';
import type { RetryPolicy } from '@xero-webhooks/runtime';
import { fixedWidthDate } from '@xero-webhooks/webhook';
import type { AtWork } from './at-work.ts';
import type { Gate } from './gate/gate.ts';
import type { Begin, GateEvent, LedgerResult } from './gate/protocol.ts';
import { errorOfLedger, errorOfRuns, failedWith, toLedgerResult, withPlainError } from './handler-results.ts';
import type { Isolation } from './isolation.ts';
import { createJobLostError } from './job-lost.ts';
import type { HandlerRun, JobOutcome } from './job-outcome.ts';
import type { RunRecorder } from './note-run.ts';
import { noteLostRun, noteOfRuns, noteWithoutRuns } from './note-run.ts';
import { retryWhileRedisRefuses } from './retry-while-redis-refuses.ts';
import { blameOf } from './run-stopped.ts';
import type { RoutedHandler, TakenJob } from './taken-job.ts';

/** What a run asks of the queue that its job came from. */
export type QueuePort = {
  /**
   * Delays the job of this run without using an attempt. From when this resolves, another run can wake the job.
   *
   * @param time in milliseconds since 1970
   */
  delayUntil(time: number): Promise<void>;
  /** Lets a delayed job go on now. A job that is not delayed needs no waking. */
  wake(jobId: string): Promise<void>;
};

export type RunJobOptions = {
  gate: Gate;
  route: (eventName: string) => readonly RoutedHandler[];
  retry: RetryPolicy;
  /** How long an attempt may be paused beyond its handler's time, while it waits for a limit, in milliseconds. */
  pauseMs: number;
  isolation: Isolation;
  atWork: AtWork;
  /** Writes down what becomes of events. */
  record: RunRecorder;
  /** Called when an event has to run alone because `lost` runs of it ended with their process. */
  onSuspect: (job: TakenJob, lost: number, cause: string) => void;
  /** Called with how each run ended and how long it took in milliseconds, before the queue is. It must not throw. */
  onOutcome: (job: TakenJob, outcome: JobOutcome, ms: number) => void;
};

/** How long a suspect avoids a process in which too many others wait, in milliseconds. */
const CROWDED_DELAY_MS = 1_000;

/** The lock of a resource outlives the longest attempt by this, in milliseconds. */
const LOCK_MARGIN_MS = 5_000;

/**
 * The longest wait of a job for its turn before it looks again by itself, in milliseconds: the process that should wake
 * it may be gone.
 */
const MAX_TURN_WAIT_MS = 15_000;

/** A turn is looked for this long after the lock has ended, in milliseconds. */
const TURN_MARGIN_MS = 50;

/** How long a job that comes early is held before it goes back, in milliseconds, so that it cannot spin. */
const MAX_EARLY_HOLD_MS = 500;

type Run = {
  readonly job: TakenJob;
  readonly event: GateEvent;
  readonly handlers: readonly RoutedHandler[];
  readonly signal: AbortSignal;
  readonly options: RunJobOptions;
};

/**
 * Takes a job through one turn of its resource: in through the gate, all handlers that have not succeeded in parallel,
 * out through the gate, and the turn to the next job. A job that has to wait is delayed, except after a failure: then
 * BullMQ delays it itself, because it keeps the error with it.
 *
 * @param signal aborted when the job no longer belongs to this run
 */
export async function runJob(
  job: TakenJob,
  signal: AbortSignal,
  queue: QueuePort,
  options: RunJobOptions,
): Promise<JobOutcome> {
  const began = performance.now();
  const { handlers: only } = job.data;
  const handlers = options.route(job.name).filter(({ name }) => !only || only.includes(name));
  const run: Run = { job, event: gateEvent(job, handlers), handlers, signal, options };
  const outcome = await runIsolated(run);
  noteWithoutRuns(job, outcome, options.record);
  options.onOutcome(job, outcome, performance.now() - began);
  if ('following' in outcome && outcome.following) await queue.wake(outcome.following);
  if (outcome.outcome === 'busy') await awaitTurn(run, outcome.lockMs, queue);
  if (outcome.outcome === 'waiting' && !outcome.error) {
    // A clock ahead of Redis's wakes jobs too early.
    if (outcome.runs.length === 0) {
      await setTimeout(Math.min(outcome.dueMs, MAX_EARLY_HOLD_MS), undefined, { ref: false });
    }
    await queue.delayUntil(outcome.dueAt);
  }
  return outcome;
}

/** Runs the job beside others, or alone if it is a suspect. */
async function runIsolated(run: Run): Promise<JobOutcome> {
  const { job, handlers, signal, options } = run;
  // Nothing is on record of an event that no run has had before.
  if (handlers.length === 0 && job.runNumber <= 1) return { outcome: 'unhandled' };

  const entering = options.isolation.enter();
  const leave = typeof entering === 'function' ? entering : await entering;
  if (!leave) return putBack(Date.now(), 0);
  try {
    const began = await begin(run, false);
    if (began.outcome !== 'suspect') return await proceed(run, began);
    noteLostRun(job, began.lost, began.cause, options.record);
    options.onSuspect(job, began.lost, began.cause);
  } finally {
    leave();
  }

  const leaveAlone = await options.isolation.enterAlone(signal);
  if (!leaveAlone) return putBack(Date.now() + CROWDED_DELAY_MS, CROWDED_DELAY_MS);
  try {
    return await proceed(run, await begin(run, true));
  } finally {
    leaveAlone();
  }
}

function begin({ event, handlers, options }: Run, alone: boolean): Promise<Begin> {
  const longest = Math.max(0, ...handlers.map(({ timeoutMs }) => timeoutMs)) + options.pauseMs;
  return options.gate.begin(event, longest + LOCK_MARGIN_MS, alone);
}

async function proceed(run: Run, began: Begin): Promise<JobOutcome> {
  switch (began.outcome) {
    case 'busy':
      return { outcome: 'busy', lockMs: began.lockMs };
    case 'lost':
      throw createJobLostError();
    case 'settled':
      return { outcome: run.handlers.length === 0 ? 'unhandled' : 'duplicate' };
    case 'early':
      return { ...putBack(began.dueAt, began.dueMs), awaited: began.awaited };
    case 'suspect':
      // It became one between the two calls; next time the first call says so.
      return putBack(Date.now(), 0);
    case 'dead':
      return { outcome: 'dead', runs: [], error: await errorOnRecord(run), following: undefined };
    case 'run':
      return runDue(run, began);
  }
}

function putBack(dueAt: number, dueMs: number): Extract<JobOutcome, { outcome: 'waiting' }> {
  return { outcome: 'waiting', runs: [], dueAt, dueMs, error: undefined, following: undefined };
}

/** Runs the handlers that are due, records each success at once, and ends the turn. */
async function runDue(run: Run, { handlers: due, lost }: Extract<Begin, { outcome: 'run' }>): Promise<JobOutcome> {
  const { job, event, handlers, signal, options } = run;
  const { gate, retry, atWork } = options;
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  const results: LedgerResult[] = [];
  const unconfirmed: (() => void)[] = [];
  let running = due.length;

  const runs = await Promise.all(
    due.map(async ({ name, failures }): Promise<HandlerRun> => {
      const handler = byName.get(name)!;
      const attempt = failures + lost + 1;
      const began = performance.now();
      const place = atWork.add(event, job.name, handler);
      const result = await (async () => handler.run(job, attempt, signal))().then(withPlainError, failedWith);
      const ms = performance.now() - began;
      running--;
      const ledgerResult = toLedgerResult(handler, result, failures, retry);
      if (ledgerResult) results.push(ledgerResult);
      if (result.outcome !== 'succeeded') place.end();
      else {
        place.succeeded();
        unconfirmed.push(place.end);
        // The last success is recorded by the end of the turn, which saves most events a round trip. The end records the
        // others again, so a fault of Redis here must not stop handlers that still run.
        if (running > 0) await gate.record(event, handler).catch(() => {});
      }
      return { handler: name, attempt, result, ms };
    }),
  );

  const blame = blameOf(signal);
  const note = noteOfRuns(job, runs, results, options.record);
  const finished = await retryWhileRedisRefuses(() => gate.finish(event, results, blame, note), signal).finally(() => {
    for (const end of unconfirmed) end();
  });
  const { outcome, following, dueAt, dueMs } = finished;
  switch (outcome) {
    case 'settled':
      return { outcome: 'handled', runs, following };
    case 'waiting':
      return { outcome: 'waiting', runs, dueAt, dueMs, error: errorOfRuns(runs), following };
    case 'dead':
      return { outcome: 'dead', runs, error: errorOfRuns(runs) ?? (await errorOnRecord(run)), following };
  }
}

/** Delays the job until its resource is free. It is delayed first, so that the run that frees the resource can wake it. */
async function awaitTurn({ job, event, options }: Run, lockMs: number, queue: QueuePort): Promise<void> {
  await queue.delayUntil(Date.now() + Math.min(lockMs, MAX_TURN_WAIT_MS) + TURN_MARGIN_MS);
  if (!(await options.gate.takeTurn(event, job.addedAt))) await queue.wake(job.id);
}

async function errorOnRecord({ job, options }: Run): Promise<Error> {
  return errorOfLedger(await options.gate.read(job.data.event.tenantId, job.id));
}

function gateEvent({ id, runToken, runNumber, stalls, data }: TakenJob, handlers: readonly RoutedHandler[]): GateEvent {
  const { tenantId, resourceId, eventDateUtc } = data.event;
  const date = fixedWidthDate(eventDateUtc) ?? eventDateUtc;
  return { jobId: id, runToken, runNumber, stalls, tenantId, resourceId, date, handlers };
}
