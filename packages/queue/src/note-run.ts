import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { Recorder } from '@xero-webhooks/record';
import { attemptText, headerText, stateText } from '@xero-webhooks/record';
import type { LedgerResult, RunNote } from './gate/protocol.ts';
import type { HandlerRun, JobOutcome } from './job-outcome.ts';
import { recordedEvent } from './recorded-event.ts';
import type { TakenJob } from './taken-job.ts';

/** A recorder, and what the process that uses it is called in the records. */
export type RunRecorder = { readonly recorder: Recorder; readonly worker: string };

/**
 * What a run leaves in its event's record. It goes to Redis with the end of the run.
 *
 * @param results what the ledger keeps of the runs, with their waits
 * @returns `undefined` if nothing is recorded now
 */
export function noteOfRuns(
  job: TakenJob,
  runs: readonly HandlerRun[],
  results: readonly LedgerResult[],
  { recorder, worker }: RunRecorder,
): RunNote | undefined {
  if (!recorder.hasRoom()) return undefined;
  recorder.sawTenant(job.data.event.tenantId);
  const at = Date.now();
  const lines = runs.map(({ handler, attempt, result, ms }) => {
    const kept = results.find((one) => one.handler.name === handler);
    const delayMs = kept && kept.state !== 'ok' ? Math.round(kept.delayMs) : 0;
    const { outcome } = result;
    return `${attemptText({ at, handler, attempt, worker, ms, outcome, delayMs, reason: reasonOf(result) })}\n`;
  });
  return { header: headerText(recordedEvent(job)), lines: lines.join('') };
}

/** Notes what became of a job for which no handler ran: the end of a run is noted with the run. */
export function noteWithoutRuns(job: TakenJob, outcome: JobOutcome, { recorder }: RunRecorder): void {
  const event = recordedEvent(job);
  const at = Date.now();
  switch (outcome.outcome) {
    case 'unhandled':
      return recorder.note(event, [stateText(at, 'unhandled')], false);
    case 'duplicate':
      return recorder.note(event, [stateText(at, 'handled')], false);
    case 'busy':
      // It looks again and again: once is enough to find it.
      if (job.runNumber <= 1) recorder.note(event, [stateText(at, 'waiting', at + outcome.lockMs)], true);
      return;
    case 'dead':
      if (outcome.runs.length === 0) recorder.note(event, [stateText(at, 'dead')], true);
      return;
    case 'waiting':
      if (outcome.awaited) recorder.note(event, [stateText(at, 'waiting', outcome.dueAt)], true);
      return;
    case 'handled':
  }
}

/** Notes that an earlier run of a job ended with its process. */
export function noteLostRun(job: TakenJob, lost: number, cause: string, { recorder, worker }: RunRecorder): void {
  const attempt = { at: Date.now(), handler: '', attempt: lost, worker, ms: 0, delayMs: 0 };
  recorder.note(recordedEvent(job), [attemptText({ ...attempt, outcome: 'lost', reason: cause })], true);
}

function reasonOf(result: HandlerOutcome): string {
  if ('error' in result) return result.error.message;
  return 'reason' in result ? result.reason : '';
}
