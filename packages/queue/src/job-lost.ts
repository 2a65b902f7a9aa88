/**
 * Whether BullMQ says that a job no longer belongs to this run: its lock has ended, another run has it, or it is done.
 * That follows when Redis was away for longer than the lock, or when a command was repeated because its reply got lost.
 */
export function isJobLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;
}

/** Ends a run because a later run of the same job has begun; `isJobLost` knows it. */
export function createJobLostError(): Error {
  return Object.assign(new Error('a later run of this job has begun'), { code: -1 });
}
