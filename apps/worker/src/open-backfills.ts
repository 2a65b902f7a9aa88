import type { Copies } from '@xero-webhooks/backfill';
import {
  createBackfills,
  createFillGaps,
  createReconcile,
  GAPS_TASK,
  RECONCILE_TASK,
  scheduleTasks,
  startBackfillWorker,
} from '@xero-webhooks/backfill';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import type { Tenant } from '@xero-webhooks/operations';
import { readableTenants } from '@xero-webhooks/operations';
import type { EventQueue, QueueRedis } from '@xero-webhooks/queue';
import { createProducer } from '@xero-webhooks/queue';
import type { Recorder } from '@xero-webhooks/record';
import type { ConfigOf, Logger, Metrics } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { XeroReader } from '@xero-webhooks/xero';
import { createObserveReconciled } from './observe-reconciled.ts';

type Config = Pick<
  ConfigOf<typeof workerVariables>,
  'RECONCILE_INTERVAL_S' | 'GAP_BACKFILL_S' | 'RECORD' | 'RECORD_RETENTION_S' | 'JOB_LOCK_MS'
>;

type Options = {
  readonly config: Config;
  readonly redis: QueueRedis;
  readonly queues: readonly EventQueue[];
  readonly reader: XeroReader;
  readonly copies: Copies;
  readonly recorder: Recorder;
  readonly listTenants: () => Promise<Tenant[]>;
  readonly log: Logger;
  readonly metrics: Metrics;
};

/** How often to look for gaps, in milliseconds. */
const GAPS_EVERY_MS = 60_000;

/**
 * Starts this process's part in backfills, and has all of them reconcile if it is on.
 *
 * @returns a function that stops it
 */
export function openBackfills(options: Options): () => Promise<void> {
  const { config, redis, queues, reader, copies, recorder, listTenants, log, metrics } = options;
  const producer = createProducer(redis, { recorder, log });
  const backfills = createBackfills(redis);
  const { RECONCILE_INTERVAL_S: intervalS } = config;
  const intervalMs = intervalS === undefined ? undefined : intervalS * 1_000;
  const afterMs = config.GAP_BACKFILL_S * 1_000;
  const organisations = async (): Promise<string[]> =>
    readableTenants(await listTenants()).map(({ tenantId }) => tenantId);
  const stopWork = startBackfillWorker({
    redis,
    queues,
    reader,
    copies,
    producer,
    lockMs: config.JOB_LOCK_MS,
    log,
    reconcile: createReconcile({ redis, backfills, intervalMs, organisations, log }),
    fillGaps: createFillGaps({ redis, backfills, afterMs, organisations, log }),
    onDone: createObserveReconciled(log, metrics),
  });
  const schedules = [
    { task: RECONCILE_TASK, everyMs: intervalMs },
    { task: GAPS_TASK, everyMs: afterMs === 0 ? undefined : GAPS_EVERY_MS },
  ];
  const stopScheduling = scheduleTasks(redis, schedules, log);
  return async () => {
    await stopWork();
    await stopScheduling();
    await backfills.close();
    await producer.close();
  };
}

/**
 * Without a record of what came by webhook, everything would count as missed, and be handled twice.
 *
 * @throws CodedError `XW_CONFIG`
 */
export function checkReconcile({ RECONCILE_INTERVAL_S: intervalS, RECORD, RECORD_RETENTION_S }: Config): void {
  if (intervalS === undefined) return;
  if (RECORD === 'off') {
    throw new CodedError('XW_CONFIG', 'RECONCILE_INTERVAL_S needs a record to compare with, and RECORD is off');
  }
  if (intervalS > RECORD_RETENTION_S) {
    throw new CodedError(
      'XW_CONFIG',
      `RECONCILE_INTERVAL_S is ${intervalS}; expected RECORD_RETENTION_S (${RECORD_RETENTION_S}) at most: older events are no longer on record`,
    );
  }
}
