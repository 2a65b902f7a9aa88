import type { JobOutcome, NoteHandler, TakenJob } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf, gaugeOf, histogramOf } from '@xero-webhooks/runtime';
import type { Abandoned } from './abandoned.ts';
import { logJob } from './log-job.ts';

type Options = { log: Log; metrics: Metrics; abandoned: Abandoned; noteHandler: NoteHandler };

type ObserveJob = (job: TakenJob, outcome: JobOutcome, ms: number) => void;

/** Counts how runs of jobs end, and writes one log line for each. */
export function createObserveJobs({ log, metrics, abandoned, noteHandler }: Options): ObserveJob {
  const jobs = counterOf(metrics, 'xw_jobs_total');
  const attempts = counterOf(metrics, 'xw_handler_attempts_total');
  const retries = counterOf(metrics, 'xw_handler_retries_total');
  const seconds = histogramOf(metrics, 'xw_handler_duration_seconds');
  const age = histogramOf(metrics, 'xw_event_age_seconds');
  gaugeOf(metrics, 'xw_handlers_abandoned', (gauge) => gauge.set(abandoned.count));

  return (job, ended, ms) => {
    jobs.inc({ outcome: ended.outcome });
    for (const { handler, attempt, result, ms: took } of 'runs' in ended ? ended.runs : []) {
      attempts.inc({ handler, outcome: result.outcome });
      if (result.outcome === 'succeeded') noteHandler(handler, true);
      if (result.outcome === 'failed' || result.outcome === 'gave-up') noteHandler(handler, false);
      if (attempt > 1) retries.inc({ handler });
      seconds.observe({ handler }, took / 1000);
    }
    if (ended.outcome === 'handled') age.observe(Math.max(0, Date.now() - job.data.receivedAt) / 1000);
    logJob(log, job, ended, ms);
  };
}
