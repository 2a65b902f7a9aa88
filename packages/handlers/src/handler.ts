import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
import type { ResourceOf } from './resource.ts';
import type { XeroClient } from './xero-client.ts';

/** For example `invoice.updated`. `*` stands for every event, including those without any other handler. */
export type EventName = KnownEventName | '*' | (string & {});

/**
 * Where an event came from. `replay`: an operator has it handled again. `backfill`: no webhook brought it; the resource was
 * found changed in Xero.
 */
export type EventSource = 'webhook' | 'replay' | 'backfill';

/** What Xero sent, the event's name, and where it came from. */
export type NamedEvent<Name extends EventName = EventName> = XeroEvent & {
  readonly name: Name extends '*' ? string : Name;
  readonly source: EventSource;
};

/**
 * Pino's methods of these names. Every line carries the names and ids of the event and the handler. It never throws; long
 * values are cut, and access tokens are left out.
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

export type ForwardOptions = {
  /**
   * What the receiver verifies the signature with: `whsec_` and 16 to 64 random bytes in base64. Several, as a list or
   * separated by commas, while one replaces another: each of them signs.
   */
  readonly secret: string | readonly string[];
  /** `resource`: what `context.resource()` comes to is sent with the event. @defaultValue `event` */
  readonly include?: 'event' | 'resource';
};

/** What a handler gets besides the event. */
export type Context<Name extends EventName = EventName> = {
  /**
   * `<event key>.<handler name>`: the same for every retry, restart and duplicate of the event. Put it where your
   * system drops duplicates: a unique column, a job id, an `Idempotency-Key` header. At most 110 characters.
   */
  readonly idempotencyKey: string;
  /** The number of this attempt of the handler, from 1. */
  readonly attempt: number;
  readonly log: HandlerLog;
  /** Aborted when the result no longer counts: after the timeout, at shutdown, or when the job's lock may be lost. */
  readonly signal: AbortSignal;
  /**
   * Reads the current state of the changed resource: for `invoice.updated` the invoice. Events that are handled at the same
   * time share calls, and all handlers of an event share one read. If Xero's limits allow no call for the organisation, or
   * there is no token for it, the handler is parked until there is, without using an attempt, even if it catches what this
   * throws.
   *
   * @throws an error with a `code`: `XW_XERO_NOT_FOUND` if Xero has no such resource, others of docs/errors.md if Xero does
   *   not answer as it should
   */
  resource(): Promise<ResourceOf<Name>>;
  /** Other reads from the event's organisation, within the same limits. */
  readonly xero: XeroClient;
  /**
   * Posts the event to a receiver of yours, in any language, as a Standard Webhook
   * (https://github.com/standard-webhooks/standard-webhooks): `webhook-id` is `context.idempotencyKey`. It is done once the
   * receiver answers with a status of 200 to 299. 410 gives up on the event, and a receiver that keeps failing parks the
   * handler, both even if the handler catches what this throws. docs/forward.md has the rest.
   *
   * @param url with `https://` or `http://`. Addresses that are not of the public internet are refused unless the worker has
   *   `FORWARD_ALLOW_PRIVATE=true`
   * @throws an error with a `code`, `XW_FORWARD_…` of docs/errors.md, and the `status` that the receiver answered
   */
  forward(url: string | URL, options: ForwardOptions): Promise<void>;
  /**
   * Gives up on the event for this handler: a retry cannot help. The event becomes a dead letter once its other handlers
   * are done. It holds even if the handler catches what it throws.
   *
   * @param reason shown with the dead letter
   */
  giveUp(reason: string): never;
  /**
   * Runs the handler again later, without using an attempt. It holds even if the handler catches what it throws.
   *
   * @param ms how long to wait, in milliseconds, at most a week; anything that is not a number counts as a minute
   */
  retryIn(ms: number, reason: string): never;
};

/**
 * Runs at least once per event, in no guaranteed order: use `context.idempotencyKey` if an effect must not be repeated. If it
 * throws, it is retried with growing delays, and no sooner than a `Retry-After` in the error allows; only `context.giveUp` is
 * final.
 */
export type Handler<Name extends EventName = EventName> = (event: NamedEvent<Name>, context: Context<Name>) => unknown;

export type HandlerOptions = {
  /** Its name in logs, in the ledger and in idempotency keys. @defaultValue the function's name */
  name?: string;
  /** Skip events older than the newest one that this handler has handled for the resource. @defaultValue false */
  latestOnly?: boolean;
  /** Time limit for one attempt, in milliseconds. @defaultValue the worker's HANDLER_TIMEOUT_MS */
  timeoutMs?: number;
};

/** A name that Xero documents; in place of any other, what to do. A `string` that is not known yet is let through. */
export type CheckedName<Name extends string> = string extends Name
  ? Name
  : Name extends KnownEventName | '*'
    ? Name
    : `${Name} is no event that Xero documents; if it is new, add: as string`;

/** Registers a handler for one event, several events, or all (`*`). */
export type On = {
  <Name extends EventName>(names: CheckedName<Name> | readonly CheckedName<Name>[], handler: Handler<Name>): void;
  <Name extends EventName>(
    names: CheckedName<Name> | readonly CheckedName<Name>[],
    options: HandlerOptions,
    handler: Handler<Name>,
  ): void;
};

/** Runs at shutdown, after the last handler has ended. */
export type Cleanup = () => unknown;

/** The default export of a handler module. */
export type Register = (on: On) => Promise<Cleanup | void> | Cleanup | void;
