import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';

/** The name of an event, for example `invoice.updated`. `*` stands for every event, those that nobody else asks for too. */
export type EventName = KnownEventName | '*' | (string & {});

/** An event as a handler gets it: what Xero sent, and its name. */
export type NamedEvent<Name extends EventName = EventName> = XeroEvent & {
  readonly name: Name extends '*' ? string : Name;
};

/** What a handler can log with: pino's methods. Every line carries the event's and the handler's names and ids. */
export type HandlerLog = {
  debug(fields: object, message?: string): void;
  debug(message: string): void;
  info(fields: object, message?: string): void;
  info(message: string): void;
  warn(fields: object, message?: string): void;
  warn(message: string): void;
  error(fields: object, message?: string): void;
  error(message: string): void;
};

/** What a handler can know and do besides the event itself. */
export type Context = {
  /**
   * `<event key>.<handler name>`: the same for every retry, restart and duplicate of the event. Put it where your own
   * system drops duplicates: a unique column, a job id, an `Idempotency-Key` header. at most 110 characters.
   */
  readonly idempotencyKey: string;
  /** Which attempt of this handler this is, from 1. */
  readonly attempt: number;
  readonly log: HandlerLog;
  /** Aborted when the result no longer counts: after the timeout, at shutdown, or when the job's lock may be lost. */
  readonly signal: AbortSignal;
  /**
   * Ends this handler's work on the event for good: trying again cannot help. The event becomes a dead letter once its
   * other handlers are done. It holds even if the handler catches what it throws.
   *
   * @param reason for the people who look at dead letters
   */
  giveUp(reason: string): never;
  /**
   * Asks to be run again later, without using an attempt. It holds even if the handler catches what it throws.
   *
   * @param ms how long to wait, in milliseconds, a week at most; what is no number counts as a minute
   */
  retryIn(ms: number, reason: string): never;
};

/**
 * Handles an event. Delivery is at least once and in no promised order: use `context.idempotencyKey` where an effect must
 * not be repeated. Whatever it throws is retried with growing delays; only `context.giveUp` is final.
 */
export type Handler<Name extends EventName = EventName> = (event: NamedEvent<Name>, context: Context) => unknown;

export type HandlerOptions = {
  /** How this handler is called in logs, in the ledger and in idempotency keys. @defaultValue the function's name */
  name?: string;
  /** Skip an event that is older than the newest one that this handler has handled for the resource. @defaultValue false */
  latestOnly?: boolean;
  /** How long one attempt may take, in milliseconds. @defaultValue the worker's HANDLER_TIMEOUT_MS */
  timeoutMs?: number;
};

/** Registers a handler for one event, several, or all (`*`). */
export type On = {
  <Name extends EventName>(names: Name | readonly Name[], handler: Handler<Name>): void;
  <Name extends EventName>(names: Name | readonly Name[], options: HandlerOptions, handler: Handler<Name>): void;
};

/** Runs at shutdown, when no handler runs any more. */
export type Cleanup = () => unknown;

/** The default export of a handler module. */
export type Register = (on: On) => Promise<Cleanup | void> | Cleanup | void;
