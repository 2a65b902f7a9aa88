import { boundedError } from '@xero-webhooks/bounded';
import type { EventWorker } from '@xero-webhooks/queue';
import type { Log, UncaughtError } from '@xero-webhooks/runtime';
import type { CurrentRun } from './current-run.ts';
import { currentRun } from './current-run.ts';

/**
 * Finds the handler behind an uncaught error, counts a lost run of its event, and says what to do.
 *
 * @param workers those of all shards
 */
export function blameHandler(
  workers: readonly Pick<EventWorker, 'blame'>[],
  error: unknown,
): UncaughtError | undefined {
  const run = currentRun.getStore();
  if (!run) return undefined;
  const { jobId, event, handler } = run;
  for (const worker of workers)
    worker.blame(jobId, `handler ${handler} left an error uncaught: ${boundedError(error).message}`);
  return {
    fields: { code: 'XW_HANDLER_UNCAUGHT', event, key: jobId, handler },
    message: `handler ${handler} left an error uncaught, which ends the process: an await is missing, or an emitter has no "error" listener`,
  };
}

/**
 * Whether an error that nobody handled is the failure of a read from Xero that a handler did not await. It is a warning of
 * that handler, and no reason to end the process.
 */
export function isOfRead(error: unknown): boolean {
  return currentRun.getStore()?.calls.floated(error) ?? false;
}

/** Says which handler called `process.exit`, because the process logs nothing after that. */
export function logExit(log: Log, { jobId, handler }: Pick<CurrentRun, 'jobId' | 'handler'>, exitCode: number): void {
  log.error(
    { code: 'XW_HANDLER_EXIT', key: jobId, handler, exitCode },
    `handler ${handler} ended the process with exit code ${exitCode}: throw an error or call context.giveUp instead`,
  );
}
