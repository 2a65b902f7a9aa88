import type { JobOutcome, TakenJob } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { Counter, Gauge, Histogram } from '@xero-webhooks/runtime';
import type { Abandoned } from './abandoned.ts';
import { logJob } from './log-job.ts';

type Options = { log: Log; metrics: Metrics; abandoned: Abandoned };

type ObserveJob = (job: TakenJob, outcome: JobOutcome, ms: number) => void;

/** Counts how runs of jobs end, and writes one log line for each. */
export function createObserveJobs({ log, metrics, abandoned }: Options): ObserveJob {
  const registers = [metrics];
  const jobs = new Counter({
    name: 'xw_jobs_total',
    help: 'Jobs taken, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const runs = new Counter({
    name: 'xw_handler_runs_total',
    help: 'Handler attempts, by handler and outcome',
    labelNames: ['handler', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'xw_handler_seconds',
    help: 'Duration of handler attempts, in seconds',
    labelNames: ['handler'],
    buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
    registers,
  });
  const age = new Histogram({
    name: 'xw_event_age_seconds',
    help: 'Time from the request that brought an event until it was handled, in seconds',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 600, 3600, 86400],
    registers,
  });
  const stuck = new Gauge({
    name: 'xw_handlers_abandoned',
    help: 'Handlers that still run after they timed out',
    registers,
    collect() {
      this.set(abandoned.count);
    },
  });
  stuck.set(0);

  return (job, ended, ms) => {
    jobs.inc({ outcome: ended.outcome });
    for (const run of 'runs' in ended ? ended.runs : []) {
      runs.inc({ handler: run.handler, outcome: run.result.outcome });
      seconds.observe({ handler: run.handler }, run.ms / 1000);
    }
    if (ended.outcome === 'handled') age.observe(Math.max(0, Date.now() - job.data.receivedAt) / 1000);
    logJob(log, job, ended, ms);
  };
}
