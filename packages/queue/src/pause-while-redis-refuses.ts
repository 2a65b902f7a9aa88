import type { Worker } from 'bullmq';
import type { FaultLog, Log } from '@xero-webhooks/runtime';
import type { JobLocks } from './job-locks.ts';
import { isJobLost } from './job-lost.ts';
import type { PauseFetching } from './pause-fetching.ts';
import { redisFault } from './redis-faults.ts';

/** How long the worker leaves Redis alone after it has refused a write, in milliseconds: at first, and at most. */
const BACK_OFF_MS = { first: 100, most: 5_000 };

/**
 * Leaves Redis alone for a while when it refuses what BullMQ asks of it: a full Redis would otherwise be asked thousands
 * of times a second.
 *
 * @returns a function that ends this
 */
export function pauseWhileRedisRefuses(
  worker: Worker,
  pauseFetching: PauseFetching,
  locks: JobLocks,
  faults: FaultLog,
  log: Log,
  shard: number,
): () => void {
  let waitMs = 0;
  let timer: NodeJS.Timeout | undefined;

  worker.on('error', (error) => {
    const reason = redisFault(error);
    if (isJobLost(error)) return;
    if (reason === undefined) {
      if (faults.knows(error)) return;
      log.warn({ err: error, shard }, 'worker error');
      return;
    }
    if (!reason.startsWith('Redis answers') || timer) return;
    waitMs = Math.min(BACK_OFF_MS.most, Math.max(BACK_OFF_MS.first, 2 * waitMs));
    log.warn({ reason, shard, waitMs, active: locks.size }, 'worker waits for Redis');
    pauseFetching('Redis refuses', true);
    timer = setTimeout(() => {
      timer = undefined;
      pauseFetching('Redis refuses', false);
    }, waitMs);
  });
  worker.on('completed', () => {
    waitMs = 0;
  });
  return () => clearTimeout(timer);
}
