import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
import type { ResourceOf } from './resource.ts';
import type { XeroClient } from './xero-client.ts';

/** The name of an event, for example `invoice.updated`. `*` stands for every event, those that nobody else asks for too. */
export type EventName = KnownEventName | '*' | (string & {});

/** An event as a handler gets it: what Xero sent, and its name. */
export type NamedEvent<Name extends EventName = EventName> = XeroEvent & {
  readonly name: Name extends '*' ? string : Name;
};

/**
 * What a handler can log with: pino's methods of these names. Every line carries the event's and the handler's names and
 * ids. It never throws; what is long is cut, and access tokens are left out.
 */
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
export type Context<Name extends EventName = EventName> = {
  /**
   * `<event key>.<handler name>`: the same for every retry, restart and duplicate of the event. Put it where your own
   * system drops duplicates: a unique column, a job id, an `Idempotency-Key` header. At most 110 characters.
   */
  readonly idempotencyKey: string;
  /** Which attempt of this handler this is, from 1. */
  readonly attempt: number;
  readonly log: HandlerLog;
  /** Aborted when the result no longer counts: after the timeout, at shutdown, or when the job's lock may be lost. */
  readonly signal: AbortSignal;
  /**
   * Reads the changed resource as it is now, never as it was before the event: for `invoice.updated` the invoice. Events at
   * work at the same time share calls, and all handlers of an event share one read. Where Xero's limits leave no call for
   * the organisation, or there is no token for it, the handler is put off until there is, without using an attempt: what
   * this throws then need not be let through.
   *
   * @throws an error with a `code`: `XW_XERO_NOT_FOUND` where Xero has no such resource, others of docs/errors.md where
   *   Xero does not answer as it should
   */
  resource(): Promise<ResourceOf<Name>>;
  /** Other reads of the event's organisation, within the same limits. */
  readonly xero: XeroClient;
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
 * not be repeated. Whatever it throws is retried with growing delays, and after as long as a `Retry-After` in it asks for;
 * only `context.giveUp` is final.
 */
export type Handler<Name extends EventName = EventName> = (event: NamedEvent<Name>, context: Context<Name>) => unknown;

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
