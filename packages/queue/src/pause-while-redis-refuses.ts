import type { Worker } from 'bullmq';
import type { FaultLog, Log } from '@xero-webhooks/runtime';
import { doublingWait } from '@xero-webhooks/runtime';
import type { JobLocks } from './job-locks.ts';
import { isJobLost } from './job-lost.ts';
import type { PauseFetching } from './pause-fetching.ts';
import { redisFault } from './redis-faults.ts';

/** How long the worker backs off from Redis after a refused write, in milliseconds: the first time, and at most. */
const BACK_OFF_MS = { first: 100, max: 5_000 };

/** How long a reason that was logged is not logged again, in milliseconds: at first, and at most. */
const QUIET_MS = { first: 1_000, max: 600_000 };

/**
 * Backs off from Redis while it refuses BullMQ's commands: a full Redis would otherwise be asked thousands of times a
 * second.
 *
 * @returns a function that stops watching for refusals
 */
export function pauseWhileRedisRefuses(
  worker: Worker,
  pauseFetching: PauseFetching,
  locks: JobLocks,
  faults: FaultLog,
  log: Log,
  shard: number,
): () => void {
  let refusals = 0;
  let logged: { reason: string; lines: number; at: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function logSeldom(reason: string, waitMs: number): void {
    const now = performance.now();
    if (logged?.reason !== reason) logged = { reason, lines: 0, at: -Infinity };
    if (now - logged.at < doublingWait(QUIET_MS, logged.lines - 1)) return;
    log.warn({ reason, shard, waitMs, active: locks.size }, 'worker backs off from Redis');
    logged = { reason, lines: logged.lines + 1, at: now };
  }

  worker.on('error', (error) => {
    const reason = redisFault(error);
    if (isJobLost(error)) return;
    if (reason === undefined) {
      if (faults.knows(error)) return;
      log.warn({ err: error, shard }, 'worker error');
      return;
    }
    if (!reason.startsWith('Redis answers') || timer) return;
    const waitMs = doublingWait(BACK_OFF_MS, refusals);
    refusals += 1;
    logSeldom(reason, waitMs);
    pauseFetching('Redis refuses', true);
    timer = setTimeout(() => {
      timer = undefined;
      pauseFetching('Redis refuses', false);
    }, waitMs);
  });
  worker.on('completed', () => {
    if (refusals === 0) return;
    refusals = 0;
    logged = undefined;
    log.info({ shard }, 'Redis takes what the worker writes again');
  });
  return () => clearTimeout(timer);
}
