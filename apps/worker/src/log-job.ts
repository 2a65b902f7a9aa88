import type { HandlerRun, JobOutcome, TakenJob } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import { ownFrames } from './own-frames.ts';

/** Writes one wide line about how a run of a job ended. */
export function logJob(log: Log, { id, name, data }: TakenJob, job: JobOutcome, ms: number): void {
  const runs = 'runs' in job ? job.runs : [];
  const fields = {
    event: name,
    key: id,
    tenantId: data.event.tenantId,
    resourceId: data.event.resourceId,
    deliveryId: data.deliveryId,
    ...(data.traceparent !== undefined && { traceId: data.traceparent.split('-')[1] }),
    outcome: job.outcome,
    ...(runs.length > 0
      ? { handlers: Object.fromEntries(runs.map(({ handler, result }) => [handler, result.outcome])) }
      : {}),
    ...(runs.length > 0 ? { attempt: Math.max(...runs.map(({ attempt }) => attempt)) } : {}),
    ms: Math.round(ms * 10) / 10,
    sinceReceivedMs: Date.now() - data.receivedAt,
  };
  switch (job.outcome) {
    case 'handled':
      log.info(fields, 'event handled');
      return;
    case 'unhandled':
      log.warn(fields, 'no handler listens for this event');
      return;
    case 'duplicate':
      log.info(fields, 'event was handled before');
      return;
    case 'busy':
      log.debug(fields, 'event waits for its turn: another event of the same resource is at work');
      return;
    case 'waiting': {
      const next = { nextInMs: job.dueMs, nextAt: new Date(Date.now() + job.dueMs).toISOString() };
      if (job.error)
        log.warn(
          { ...fields, ...next, error: job.error.message, ...stackOf(runs) },
          'event failed and will be retried',
        );
      else if (job.awaited) {
        const { name: handler, until } = job.awaited;
        log.warn(
          { ...fields, ...next, code: 'XW_HANDLER_MISSING', handler, until: new Date(until).toISOString() },
          `event waits for handler ${handler}, which this worker does not have: bring it back under that name before then, or the event becomes a dead letter`,
        );
      } else log.info({ ...fields, ...next, ...reasonOf(job) }, 'event delayed');
      return;
    }
    case 'dead':
      log.error(
        { ...fields, error: job.error.message, alert: 'dead-letter', ...stackOf(runs) },
        'event is a dead letter',
      );
  }
}

/** The frames of the handlers' own code in which they failed. */
function stackOf(runs: readonly HandlerRun[]): { stack?: string } {
  const stacks = runs.flatMap(({ result }) => ('error' in result ? [ownFrames(result.error.stack ?? '')] : []));
  const stack = stacks.filter(Boolean).join('\n');
  return stack ? { stack } : {};
}

/** Says that an event has to run alone from now on. */
export function logSuspect(log: Log, { id, name, data }: TakenJob, lost: number, cause: string): void {
  const { tenantId, resourceId } = data.event;
  log.warn(
    { code: 'XW_EVENT_SUSPECT', event: name, key: id, tenantId, resourceId, lostRuns: lost, cause },
    'event was at work when its process ended: it runs again alone',
  );
}

/** Why handlers wait that have not failed: they asked for it, or have no API budget or token. */
function reasonOf({ runs }: Extract<JobOutcome, { outcome: 'waiting' }>): { reason?: string } {
  const reasons = new Set(runs.flatMap(({ result }) => ('reason' in result ? [result.reason] : [])));
  return reasons.size === 0 ? {} : { reason: [...reasons].join('; ') };
}
