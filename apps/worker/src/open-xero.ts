import type { Copies } from '@xero-webhooks/backfill';
import type { AccessTokenProvider, XeroAccess } from '@xero-webhooks/handlers';
import { openReader } from '@xero-webhooks/open-xero';
import type { QueueRedis, TakenJob } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Metrics, Shutdown } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';
import type { Occupancy, ReadTracing, XeroReader } from '@xero-webhooks/xero';
import { createEventAccess, createNoAccess, MAX_PAUSE_MS } from '@xero-webhooks/xero';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import { createObserveReads } from './observe-reads.ts';

/** How handlers read from Xero. */
export type WorkerXero = {
  /** Where tokens come from, for the log. */
  readonly from: string;
  /** What the handlers of a job read with: they share it. */
  readonly accessOf: (job: TakenJob) => XeroAccess;
  /** How long an attempt may be paused while its reads wait, in milliseconds. */
  readonly pauseMs: number;
  /** `undefined` if nothing says where access tokens come from. */
  readonly reader: XeroReader | undefined;
};

type Options = {
  config: ConfigOf<typeof workerVariables>;
  /** The handler module's `accessToken`. */
  accessToken: AccessTokenProvider | undefined;
  redis: QueueRedis;
  /** How many worker processes there are. */
  workers: () => number;
  occupancy: () => Occupancy;
  /** What backfills have read. */
  copies: Copies;
  log: Logger;
  metrics: Metrics;
  /** How calls are traced. @defaultValue they are not */
  tracing: ReadTracing | undefined;
  shutdown: Shutdown;
};

/** Sets up reading from Xero, if there is a source of access tokens. */
export function openXero({ metrics, shutdown, copies, ...options }: Options): WorkerXero {
  const tokens = counterOf(metrics, 'xw_token_requests_total');
  const opened = openReader({
    ...options,
    observer: createObserveReads(metrics),
    onToken: (outcome) => tokens.inc({ outcome }),
  });
  if (!opened) return { from: 'nowhere', accessOf: createNoAccess, pauseMs: 0, reader: undefined };
  shutdown.add('connections to Xero', opened.close);

  const accesses = new WeakMap<TakenJob, XeroAccess>();
  return {
    from: opened.from,
    reader: opened.reader,
    pauseMs: MAX_PAUSE_MS,
    accessOf(job) {
      let access = accesses.get(job);
      if (!access) {
        access = createEventAccess(opened.reader, job.data.event, copyFor(job, copies));
        accesses.set(job, access);
      }
      return access;
    },
  };
}

/** Only the event that a backfill made of a resource gets the copy of it: others want to know how it is now. */
function copyFor(job: TakenJob, copies: Copies): (() => Promise<unknown>) | undefined {
  const { source, event } = job.data;
  if (source !== 'backfill') return undefined;
  const { tenantId, resourceId } = event;
  // Taken whether the handlers ask for it or not, so that it does not outlive the event.
  const taking = copies.take(tenantId, resourceId).catch(() => undefined);
  return async () => {
    const copy = await taking;
    if (!copy || copy.updatedAt < Date.parse(`${event.eventDateUtc}Z`)) return undefined;
    return (await copies.isFresh(copy, { tenantId, resourceId, jobId: job.id })) ? copy.resource : undefined;
  };
}
