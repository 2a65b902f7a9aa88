import type { AccessTokenProvider, XeroAccess } from '@xero-webhooks/handlers';
import { openReader } from '@xero-webhooks/open-xero';
import type { QueueRedis, TakenJob } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Metrics, Shutdown } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';
import type { Occupancy, ReadTracing } from '@xero-webhooks/xero';
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
};

type Options = {
  config: ConfigOf<typeof workerVariables>;
  /** The handler module's `accessToken`. */
  accessToken: AccessTokenProvider | undefined;
  redis: QueueRedis;
  /** How many worker processes there are. */
  workers: () => number;
  occupancy: () => Occupancy;
  log: Logger;
  metrics: Metrics;
  /** How calls are traced. @defaultValue they are not */
  tracing: ReadTracing | undefined;
  shutdown: Shutdown;
};

/** Sets up reading from Xero, if there is a source of access tokens. */
export function openXero({ metrics, shutdown, ...options }: Options): WorkerXero {
  const tokens = counterOf(metrics, 'xw_token_requests_total');
  const opened = openReader({
    ...options,
    observer: createObserveReads(metrics),
    onToken: (outcome) => tokens.inc({ outcome }),
  });
  if (!opened) return { from: 'nowhere', accessOf: createNoAccess, pauseMs: 0 };
  shutdown.add('connections to Xero', opened.close);

  const accesses = new WeakMap<TakenJob, XeroAccess>();
  return {
    from: opened.from,
    pauseMs: MAX_PAUSE_MS,
    accessOf(job) {
      let access = accesses.get(job);
      if (!access) {
        access = createEventAccess(opened.reader, job.data.event);
        accesses.set(job, access);
      }
      return access;
    },
  };
}
