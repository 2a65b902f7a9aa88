/** What the gate has to know of a handler. */
export type GateHandler = {
  readonly name: string;
  /** Whether events older than the newest one that it has handled of the resource are skipped. */
  readonly latestOnly: boolean;
};

/** An event on its way through the gate. */
export type GateEvent = {
  readonly jobId: string;
  /** The runToken under which BullMQ has given out the job: another for each run. */
  readonly runToken: string;
  /** The number of this run: BullMQ counts how often it has given out the job. A later one takes over from an earlier one. */
  readonly runNumber: number;
  /** How often BullMQ has found the job without its worker. */
  readonly stalls: number;
  readonly tenantId: string;
  readonly resourceId: string;
  /** In the fixed-width form, so that dates compare as strings. */
  readonly date: string;
  /** The handlers of the event. */
  readonly handlers: readonly GateHandler[];
};

/** When the first handler is due, by Redis's clock in milliseconds since 1970, and how long that is from now. */
export type Due = { readonly dueAt: number; readonly dueMs: number };

/**
 * Whether a job may begin. `busy`: another event of the resource is at work, for `lockMs` at the longest. `lost`: a later
 * run of the same job has begun. `settled`: it was handled before. `early`: what is left to do is not due yet; `awaited` is
 * a handler that has yet to succeed and that this worker does not have. `suspect`: its process was lost while it was at
 * work, so that it may begin only with nothing beside it; `lost` counts such runs. `dead`: what is left to do can no longer
 * be retried. `run`: the resource is locked, and these handlers are to run; `failures` says how often each has failed.
 */
export type Begin =
  | { outcome: 'busy'; lockMs: number }
  | { outcome: 'lost' }
  | { outcome: 'settled' }
  | ({ outcome: 'early'; awaited: AwaitedHandler | undefined } & Due)
  | { outcome: 'suspect'; lost: number; cause: string }
  | { outcome: 'dead' }
  | { outcome: 'run'; lost: number; handlers: readonly { name: string; failures: number }[] };

/** A handler that another release has; after `until`, in milliseconds since 1970, its event is a dead letter. */
export type AwaitedHandler = { readonly name: string; readonly until: number };

/**
 * What is known of a run that did not end in the ordinary way. `own`: the event itself ends its process. `other`: it was
 * stopped because of something else. `unknown`: it was at work when its process ended, as others were.
 */
export type Blame = { readonly blame: 'own' | 'other' | 'unknown'; readonly cause: string };

/** What one handler came to, as the ledger keeps it. */
export type LedgerResult =
  | { handler: GateHandler; state: 'ok' }
  | {
      handler: GateHandler;
      state: 'retry' | 'later' | 'dead';
      delayMs: number;
      failures: number;
      details: LedgerDetails;
    };

/** Why a handler has not succeeded. The stack is cut to a size that fits in Redis many times over. */
export type LedgerDetails = { readonly reason: string; readonly stack?: string };

/** What becomes of the job after an attempt. `following` is the job that waits for the same resource the longest. */
export type Finish = Due & {
  readonly outcome: 'settled' | 'waiting' | 'dead';
  readonly following: string | undefined;
};

/** A handler's entry in the ledger of an event that is not settled. */
export type LedgerEntry =
  | { handler: string; state: 'ok' }
  | { handler: string; state: 'retry' | 'later' | 'dead'; failures: number; dueAt: number; details: LedgerDetails };

/** An event, as far as its ledger goes. */
export type LedgerEvent = Pick<GateEvent, 'tenantId' | 'resourceId' | 'jobId' | 'date'>;
