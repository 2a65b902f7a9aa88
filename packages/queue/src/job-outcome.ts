import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { AwaitedHandler, Due } from './gate/protocol.ts';

/** One attempt of one handler: its result, and how long it took in milliseconds. */
export type HandlerRun = {
  readonly handler: string;
  readonly attempt: number;
  readonly result: HandlerOutcome;
  readonly ms: number;
};

/**
 * How one run of a job ended; `following` is the job that gets the resource next.
 *
 * - `unhandled`: no handler listens for the event.
 * - `duplicate`: the event was handled before.
 * - `busy`: another event of the resource is at work, for `lockMs` at the longest.
 * - `handled`: every handler has succeeded.
 * - `waiting`: at least one handler runs again, in `dueMs`. `error` is set if a handler failed, `awaited` if the event
 *   waits for a handler that this worker does not have.
 * - `dead`: at least one handler has not succeeded, and none can be retried.
 */
export type JobOutcome =
  | { outcome: 'unhandled' }
  | { outcome: 'duplicate' }
  | { outcome: 'busy'; lockMs: number }
  | { outcome: 'handled'; runs: readonly HandlerRun[]; following: string | undefined }
  | ({
      outcome: 'waiting';
      runs: readonly HandlerRun[];
      error: Error | undefined;
      awaited?: AwaitedHandler | undefined;
      following: string | undefined;
    } & Due)
  | { outcome: 'dead'; runs: readonly HandlerRun[]; error: Error; following: string | undefined };
