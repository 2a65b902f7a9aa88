import { AsyncLocalStorage } from 'node:async_hooks';
import type { Calls } from '@xero-webhooks/handlers';

/** The run of a handler that code belongs to, including code that nobody awaits any more. */
export type CurrentRun = {
  readonly jobId: string;
  readonly event: string;
  readonly handler: string;
  /** Its reads from Xero. */
  readonly calls: Calls;
};

/**
 * Knows which handler's run the current code belongs to. A resource that a handler opens and keeps, such as a connection
 * pool, belongs to the run that opened it for good.
 */
export const currentRun = new AsyncLocalStorage<CurrentRun>();

/** The run that the current code belongs to, in words alone. */
export function runningNow(): Omit<CurrentRun, 'calls'> | undefined {
  const run = currentRun.getStore();
  return run && { jobId: run.jobId, event: run.event, handler: run.handler };
}
