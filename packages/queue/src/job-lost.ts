/**
 * Whether BullMQ says that a job is no longer this worker's: its lock has ended, another has it, or it is done. That is
 * what follows when Redis was away for longer than the lock, or a reply got lost and the command was sent again.
 */
export function isJobLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;
}

/** What a run says that has to end because a later run of the same job has begun. */
export function createJobLostError(): Error {
  return Object.assign(new Error('a later run of this job has begun'), { code: -1 });
}
