/** A handler, as far as the gate goes. */
export type GateHandler = {
  readonly name: string;
  /** Whether to skip events older than the newest of the resource that this handler has handled. */
  readonly latestOnly: boolean;
};

/** An event on its way through the gate. */
export type GateEvent = {
  readonly jobId: string;
  /** The token under which BullMQ gave the job to this run. */
  readonly runToken: string;
  /** How often BullMQ has given the job out. A later run takes over from an earlier one. */
  readonly runNumber: number;
  /** How often BullMQ has found the job without its worker. */
  readonly stalls: number;
  readonly tenantId: string;
  readonly resourceId: string;
  /** In the fixed-width form, so that dates compare as strings. */
  readonly date: string;
  readonly handlers: readonly GateHandler[];
};

/** When the first handler is due, by Redis's clock in milliseconds since 1970, and how long that is from now. */
export type Due = { readonly dueAt: number; readonly dueMs: number };

/**
 * Whether a job may begin.
 *
 * - `busy`: another event of the resource is at work, for `lockMs` at the longest.
 * - `lost`: a later run of the same job has begun.
 * - `settled`: the event was handled before.
 * - `early`: no handler is due yet. `awaited` has yet to succeed, and this worker does not have it.
 * - `suspect`: `lost` runs of the event ended with their process, so it may begin only alone.
 * - `dead`: no handler that is left can be retried.
 * - `run`: the resource is locked, and these handlers are to run; each has failed `failures` times.
 */
export type Begin =
  | { outcome: 'busy'; lockMs: number }
  | { outcome: 'lost' }
  | { outcome: 'settled' }
  | ({ outcome: 'early'; awaited: AwaitedHandler | undefined } & Due)
  | { outcome: 'suspect'; lost: number; cause: string }
  | { outcome: 'dead' }
  | { outcome: 'run'; lost: number; handlers: readonly { name: string; failures: number }[] };

/** A handler that another release has. After `until`, in milliseconds since 1970, its event becomes a dead letter. */
export type AwaitedHandler = { readonly name: string; readonly until: number };

/**
 * What is known of a run that did not come to its end. `own`: its event ends the process. `other`: it was stopped for
 * another reason. `unknown`: it was at work, perhaps beside others, when its process ended.
 */
export type Blame = { readonly blame: 'own' | 'other' | 'unknown'; readonly cause: string };

/** The result of one handler, as the ledger keeps it. */
export type LedgerResult =
  | { handler: GateHandler; state: 'ok' }
  | {
      handler: GateHandler;
      state: 'retry' | 'later' | 'dead';
      delayMs: number;
      failures: number;
      details: LedgerDetails;
    };

/** Why a handler has not succeeded. Both texts are bounded. */
export type LedgerDetails = { readonly reason: string; readonly stack?: string };

/** What a run leaves in the event's record: its first line, in case there is none yet, and what the handlers came to. */
export type RunNote = { readonly header: string; readonly lines: string };

/** What becomes of the job after an attempt. `following` is the oldest job that waits for the same resource. */
export type Finish = Due & {
  readonly outcome: 'settled' | 'waiting' | 'dead';
  readonly following: string | undefined;
};

/** A handler's entry in the ledger of an event that is not settled. */
export type LedgerEntry =
  | { handler: string; state: 'ok' }
  | { handler: string; state: 'retry' | 'later' | 'dead'; failures: number; dueAt: number; details: LedgerDetails };

/** What it takes to find the ledger of an event. */
export type LedgerEvent = Pick<GateEvent, 'tenantId' | 'resourceId' | 'jobId' | 'date'>;
