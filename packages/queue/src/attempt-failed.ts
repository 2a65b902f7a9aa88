import { DelayedError } from 'bullmq';
import { boundedError } from '@xero-webhooks/bounded';
import type { Log } from '@xero-webhooks/runtime';
import { doublingWait } from '@xero-webhooks/runtime';
import { isJobLost } from './job-lost.ts';
import { redisFault } from './redis-faults.ts';

/** How long a job waits after a fault that is not a handler's, in milliseconds: the first, which doubles, and the longest. */
export const UNEXPECTED_DELAY_MS = { first: 1_000, max: 60_000 };

/** The only failure that BullMQ sees: it sorts errors by name and message, and a handler can throw anything. */
export class AttemptFailed extends Error {
  /** How long to wait, in milliseconds; -1 for a dead letter. */
  readonly delayMs: number;

  constructor(cause: Error, delayMs: number) {
    super(cause.message);
    this.name = 'AttemptFailed';
    this.stack = cause.stack ?? cause.message;
    this.delayMs = delayMs;
  }
}

/**
 * Turns whatever ended a run into an error of our own: neither a bug nor a fault of Redis may look like one of BullMQ's
 * signals.
 *
 * @param failures how often BullMQ has seen the job fail
 */
export function toAttemptFailed(error: unknown, failures: number, log: Log, shard: number): Error {
  if (error instanceof AttemptFailed || error instanceof DelayedError) return error;
  if (isJobLost(error)) log.debug({ err: error, shard }, 'another run has taken over the job');
  else if (redisFault(error) === undefined) log.error({ err: error, shard }, 'a job failed unexpectedly');
  return new AttemptFailed(boundedError(error), doublingWait(UNEXPECTED_DELAY_MS, failures));
}
