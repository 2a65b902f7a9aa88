import { hostname } from 'node:os';
import type { EventQueue, QueueRedis, RunRecorder } from '@xero-webhooks/queue';
import { oldestWaiting } from '@xero-webhooks/queue';
import { createRecorder, NO_RECORDER, startSweeping, watchRoom } from '@xero-webhooks/record';
import type { ConfigOf, Log } from '@xero-webhooks/runtime';
import type { workerVariables } from '@xero-webhooks/configuration/worker';

type Config = Pick<ConfigOf<typeof workerVariables>, 'RECORD' | 'RECORD_RETENTION_S' | 'RECORD_RETENTION_COUNT'>;

/** Opens the record of what becomes of events, if it is on. */
export function openRecord({ RECORD }: Config, redis: QueueRedis): RunRecorder {
  const { client, connections, prefix, watch } = redis;
  const worker = `${hostname().slice(0, 24)}:${process.pid}`;
  if (RECORD === 'off') return { recorder: NO_RECORDER, worker };
  return {
    recorder: createRecorder({ client, prefix, cluster: connections.cluster, hasRoom: watchRoom(watch) }),
    worker,
  };
}

/**
 * Removes old records again and again; with the record off, all of them as they get old.
 *
 * @returns a function that ends it
 */
export function sweepRecords(
  { RECORD_RETENTION_S, RECORD_RETENTION_COUNT }: Config,
  { client, prefix, watch }: QueueRedis,
  queues: readonly EventQueue[],
  log: Log,
): () => void {
  return startSweeping({
    client,
    prefix,
    watch,
    log,
    retentionMs: RECORD_RETENTION_S * 1_000,
    maxRecords: RECORD_RETENTION_COUNT,
    oldestWaiting: () => oldestWaiting(queues),
  });
}
