import { UnrecoverableError } from 'bullmq';

/** An error with which BullMQ fails a job for good. Its stack is the same wherever it is made, as Redis keeps that. */
export function finalFailure(message: string): Error {
  return Object.assign(new UnrecoverableError(message), { stack: `UnrecoverableError: ${message}\n    at a test` });
}
