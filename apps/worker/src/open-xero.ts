import type { AccessTokenProvider, XeroAccess } from '@xero-webhooks/handlers';
import type { QueueRedis, TakenJob } from '@xero-webhooks/queue';
import type { ConfigOf, Logger, Metrics, Shutdown } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { Occupancy } from '@xero-webhooks/xero';
import {
  APP_MINUTE_LIMIT,
  createBudget,
  createEventAccess,
  createNoAccess,
  createXeroApi,
  createXeroReader,
  MAX_PAUSE_MS,
} from '@xero-webhooks/xero';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import { createObserveReads } from './observe-reads.ts';
import { chooseTokens } from './token-source.ts';

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
  shutdown: Shutdown;
};

/** Sets up reading from Xero, if there is a source of access tokens. */
export function openXero(options: Options): WorkerXero {
  const { config, redis, workers, occupancy, log, metrics, shutdown } = options;
  const chosen = chooseTokens(options);
  if (!chosen) return { from: 'nowhere', accessOf: createNoAccess, pauseMs: 0 };

  if (config.XERO_DAY_RESERVE >= config.XERO_DAY_LIMIT) {
    throw new CodedError(
      'XW_CONFIG',
      `XERO_DAY_RESERVE is ${config.XERO_DAY_RESERVE}; expected less than XERO_DAY_LIMIT (${config.XERO_DAY_LIMIT}), or nothing could be read`,
    );
  }
  const { client, prefix } = redis;
  const budget = createBudget({
    client,
    prefix,
    limits: {
      atOnce: config.XERO_CONCURRENCY,
      perMinute: config.XERO_MINUTE_LIMIT,
      perDay: config.XERO_DAY_LIMIT,
      dayReserve: config.XERO_DAY_RESERVE,
      appPerMinute: APP_MINUTE_LIMIT,
    },
  });
  const api = createXeroApi({ apiUrl: chosen.apiUrl });
  shutdown.add('connections to Xero', api.close);
  if (chosen.close) shutdown.add('access tokens', chosen.close);
  const reader = createXeroReader({
    api,
    budget,
    tokens: chosen.tokens,
    workers,
    occupancy,
    observer: createObserveReads(metrics),
    log,
  });

  const accesses = new WeakMap<TakenJob, XeroAccess>();
  return {
    from: chosen.from,
    pauseMs: MAX_PAUSE_MS,
    accessOf(job) {
      let access = accesses.get(job);
      if (!access) {
        access = createEventAccess(reader, job.data.event);
        accesses.set(job, access);
      }
      return access;
    },
  };
}
