import type { EventState } from './event-states.ts';

/** What is known of an event from the request that brought it. */
export type RecordedEvent = {
  readonly jobId: string;
  readonly tenantId: string;
  readonly resourceId: string;
  /** The event's name, for example `invoice.updated`. */
  readonly name: string;
  /** As Xero sent it. */
  readonly eventDateUtc: string;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request that brought it. */
  readonly deliveryId: string;
  readonly source: string;
};

/**
 * One attempt of one handler. `delayMs`: what it waits for at least until the next, where there is one.
 * `lost`: the attempt ended with its process; its handler is not known.
 */
export type RecordedAttempt = {
  readonly kind: 'attempt';
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly handler: string;
  /** From 1. */
  readonly attempt: number;
  readonly worker: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  readonly outcome: AttemptOutcome;
  readonly delayMs: number;
  readonly reason: string;
};

export type AttemptOutcome = 'succeeded' | 'failed' | 'gave-up' | 'later' | 'parked' | 'aborted' | 'lost';

/** What an attempt, or somebody, has made of the event as a whole. `dueAt`: when it runs again, by Redis's clock. */
export type RecordedChange =
  | { readonly kind: 'state'; readonly at: number; readonly state: 'waiting'; readonly dueAt: number }
  | { readonly kind: 'state'; readonly at: number; readonly state: 'handled' | 'dead' | 'unhandled' };

/** What somebody did about the event, and who. */
export type RecordedAction = {
  readonly kind: 'action';
  readonly at: number;
  readonly action: 'retried' | 'dropped' | 'replayed' | 'run-now';
  readonly by: string;
};

/** Lines that made way for later ones: an event that fails for a day has hundreds. */
export type RecordedGap = { readonly kind: 'gap'; readonly left: number };

export type RecordEntry = RecordedAttempt | RecordedChange | RecordedAction | RecordedGap;

/** What became of one event. */
export type EventRecord = RecordedEvent & {
  readonly state: EventState;
  /** When it runs again, in milliseconds since 1970; `undefined` where it does not. */
  readonly dueAt: number | undefined;
  /** Oldest first. */
  readonly entries: readonly RecordEntry[];
};
