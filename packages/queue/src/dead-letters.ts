import type { Job } from 'bullmq';
import type { EventJobData } from './event-job.ts';
import { isEventJobData } from './event-job.ts';
import type { Gate } from './gate/gate.ts';
import type { LedgerEntry } from './gate/protocol.ts';
import { isJobLost } from './job-lost.ts';
import type { EventQueue } from './open-queue.ts';

/** An event with handlers that have not succeeded and cannot be retried. It stays until somebody retries or drops it. */
export type DeadLetter = {
  /** The job's id. */
  readonly id: string;
  /** The event's name. */
  readonly name: string;
  /** `undefined` if the job is not an event: somebody else put it into the queue. */
  readonly data: EventJobData | undefined;
  /** The handlers that failed last, and why, in one line. */
  readonly reason: string;
  /** When it became one, in milliseconds since 1970. */
  readonly failedAt: number;
  /** The state of each handler, with reason, stack and failures of those that have not succeeded. */
  readonly handlers: readonly LedgerEntry[];
};

/** `absent`: there is no dead letter with this id, or no longer. */
export type DeadLetterOutcome = 'retried' | 'dropped' | 'absent';

export type DeadLetters = {
  count(): Promise<number>;
  /**
   * Lists dead letters, the newest first.
   *
   * @param limit the most from each shard
   */
  list(limit: number): Promise<DeadLetter[]>;
  /**
   * Runs the handlers that have not succeeded again, with all their attempts.
   *
   * @param beforeItRuns called before a worker can have it
   */
  retry(id: string, beforeItRuns?: () => Promise<void>): Promise<DeadLetterOutcome>;
  /** Ends the event for good; its duplicates are dropped while it is remembered. */
  drop(id: string): Promise<DeadLetterOutcome>;
};

type EventJob = Job<EventJobData, void>;

/** The dead letters of all shards: BullMQ's failed sets, and our ledger. */
export function createDeadLetters(queues: readonly EventQueue[], gate: Gate): DeadLetters {
  async function find(id: string): Promise<EventJob | undefined> {
    for (const queue of queues) {
      const job = await queue.getJob(id);
      if (job && (await job.isFailed())) return job;
    }
    return undefined;
  }

  return {
    async count() {
      const counts = await Promise.all(queues.map((queue) => queue.getFailedCount()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async list(limit) {
      const jobs = await Promise.all(queues.map((queue) => queue.getFailed(0, limit - 1)));
      const letters = await Promise.all(jobs.flat().map((job) => letterOf(job, gate)));
      return letters.toSorted((a, b) => b.failedAt - a.failedAt);
    },
    async retry(id, beforeItRuns) {
      const job = await find(id);
      if (!job) return 'absent';
      // The ledger first: if the retry is cut off here, the dead letter is still there to be retried.
      if (isEventJobData(job.data)) await gate.resetFailures(job.data.event.tenantId, id);
      await beforeItRuns?.();
      try {
        await job.retry('failed', { resetAttemptsMade: true });
      } catch (error) {
        // Somebody else was faster.
        if (isJobLost(error)) return 'absent';
        throw error;
      }
      return 'retried';
    },
    async drop(id) {
      const job = await find(id);
      if (!job) return 'absent';
      if (isEventJobData(job.data)) await gate.settle(job.data.event.tenantId, id);
      await job.remove();
      return 'dropped';
    },
  };
}

async function letterOf(job: EventJob, gate: Gate): Promise<DeadLetter> {
  const data = isEventJobData(job.data) ? job.data : undefined;
  const handlers = data ? await gate.read(data.event.tenantId, job.id!) : [];
  return {
    id: job.id!,
    name: job.name,
    data,
    reason: job.failedReason ?? '',
    failedAt: job.finishedOn ?? 0,
    handlers,
  };
}
