import type { Log } from '@xero-webhooks/runtime';
import { RunStopped } from './run-stopped.ts';

/** BullMQ's locks of the jobs at work in this process, renewed until each is released. */
export type JobLocks = {
  /**
   * Keeps renewing the lock of a job.
   *
   * @param takenAt the earliest time at which BullMQ may have set it, by `performance.now()`
   * @returns a signal that is aborted when the lock may be lost, and a function that stops renewing it
   */
  keep(jobId: string, token: string, takenAt: number): { signal: AbortSignal; release: () => void };
  /** How many jobs are at work. */
  readonly size: number;
  /** Aborts all runs because the worker stops. */
  stopAll(): void;
  /** Aborts the runs of a job that ends this process. @param cause how it does, for people */
  blame(jobId: string, cause: string): void;
  stop(): void;
};

type Options = {
  /** Renews locks in Redis; returns the ids of those that could not be. BullMQ's `Worker.extendJobLocks`. */
  extend: (jobIds: string[], tokens: string[], lockMs: number) => Promise<string[]>;
  lockMs: number;
  log: Log;
};

type Lock = {
  readonly jobId: string;
  readonly token: string;
  confirmedAt: number;
  readonly controller: AbortController;
};

/**
 * A lock that has less than this part of its life left counts as lost: the handler must be stopped before another run
 * begins.
 */
const LAST_PART = 0.15;

/**
 * Renews the locks of jobs. BullMQ could, but it does not say when a lock was last renewed, nor tell two runs of a job in
 * one process apart, and a run whose lock has ended must be stopped before the next one begins.
 */
export function createJobLocks({ extend, lockMs, log }: Options): JobLocks {
  const locks = new Set<Lock>();
  let renewing = false;
  let lookedAt = performance.now();
  let stoodStillAt = -Infinity;

  function abort(lock: Lock, reason: RunStopped): void {
    locks.delete(lock);
    lock.controller.abort(reason);
  }

  /** If this process stood still, the event may be the cause; otherwise Redis is, and no event is to blame. */
  function lostLock(lock: Lock, what: string): RunStopped {
    return stoodStillAt > lock.confirmedAt
      ? new RunStopped('the process stood still for too long', {
          blame: 'unknown',
          cause: 'its event loop stood still',
        })
      : new RunStopped(what, { blame: 'other', cause: what });
  }

  function abortOverdue(some: Iterable<Lock>): void {
    const overdue = performance.now() - lockMs * (1 - LAST_PART);
    for (const lock of some) {
      if (lock.confirmedAt < overdue) abort(lock, lostLock(lock, "the job's lock could not be renewed in time"));
    }
  }

  async function renew(): Promise<void> {
    const now = performance.now();
    if (now - lookedAt > lockMs / 2) stoodStillAt = now;
    lookedAt = now;
    abortOverdue(locks);
    if (renewing || locks.size === 0) return;
    renewing = true;
    const asked = [...locks];
    // The time before the command: the lock was renewed no earlier.
    const askedAt = performance.now();
    try {
      const lost = new Set(
        await extend(
          asked.map(({ jobId }) => jobId),
          asked.map(({ token }) => token),
          lockMs,
        ),
      );
      for (const lock of asked) {
        if (!lost.has(lock.jobId)) lock.confirmedAt = askedAt;
        else if (locks.has(lock)) abort(lock, lostLock(lock, "the job's lock was lost"));
      }
    } catch (error) {
      log.debug({ err: error }, 'locks could not be renewed');
    } finally {
      renewing = false;
    }
  }

  const timer = setInterval(() => void renew(), lockMs / 6);
  return {
    keep(jobId, token, takenAt) {
      const lock: Lock = { jobId, token, confirmedAt: takenAt, controller: new AbortController() };
      locks.add(lock);
      // If Redis gave out the job too long ago, another run may have it.
      abortOverdue([lock]);
      return { signal: lock.controller.signal, release: () => void locks.delete(lock) };
    },
    get size() {
      return locks.size;
    },
    stopAll() {
      const reason = 'the worker is stopping';
      for (const lock of locks) abort(lock, new RunStopped(reason, { blame: 'other', cause: reason }));
    },
    blame(jobId, cause) {
      for (const lock of locks) {
        if (lock.jobId === jobId) abort(lock, new RunStopped(`the process ends: ${cause}`, { blame: 'own', cause }));
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}
