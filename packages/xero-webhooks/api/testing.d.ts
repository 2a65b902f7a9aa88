/**
 * Testing handlers, and whatever receives Xero's webhooks or reads from its API.
 *
 * ```ts
 * const handlers = await testHandlers(register, { resources: { invoice: { Status: 'PAID' } } });
 * const { syncInvoice } = await handlers.emit('invoice.updated');
 * assert.equal(syncInvoice.outcome, 'succeeded');
 * ```
 */
import { IncomingMessage } from "node:http";
type LoggedCall = {
  /** By the fake's clock, in milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The organisation it asked for, if any. */
  readonly tenantId?: string;
  /** How many calls for the organisation were in progress when it arrived, including itself. */
  readonly simultaneous: number;
  /** Absent while the call is in progress, and if the connection was reset instead of an answer. */
  readonly status?: number;
};
/** How close an organisation's calls came to the limits. */
type Usage = {
  readonly calls: number;
  /** The most calls in any minute of the clock (windows are fixed, not sliding). */
  readonly maxPerMinute: number;
  readonly maxSimultaneous: number;
  /** How many were answered 429. */
  readonly tooManyRequests: number;
};
/** The fake Xero's clock. Give its `now` to the code under test too, so that both agree. */
type FakeClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Waits by this clock.
   *
   * @throws the signal's reason if it is aborted first
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Moves the time forward: tokens expire, new windows of the limits begin, and sleeps end. */
  readonly advance: (ms: number) => void;
};
/**
 * @param options `stoppedAt` (milliseconds since 1970) is where it stands until it is advanced. Without it, the clock
 *   runs with the machine's time, plus what it was advanced.
 */
export declare function createClock({ stoppedAt }?: {
  stoppedAt?: number;
}): FakeClock;
/**
 * The fields of Xero's API that hold a date, at any depth. Both the resource types and the parser of Xero's answers use this
 * list, so that a field is a `Date` in both or in neither.
 */
declare const DATE_FIELDS: readonly ['CreatedDateUTC', 'Date', 'DateOfBirth', 'DateTimeUTC', 'DateUTC', 'DeliveryDate', 'DueDate', 'EndDate', 'EndOfYearLockDate', 'ExpectedArrivalDate', 'ExpectedPaymentDate', 'ExpiryDate', 'FullyPaidOnDate', 'JournalDate', 'NextScheduledDate', 'PeriodLockDate', 'PlannedPaymentDate', 'StartDate', 'UpdatedDateUTC'];
type DateField = (typeof DATE_FIELDS)[number];
/** Fields that hold dates; each may be missing. */
type Dates<Name extends DateField> = { readonly [field in Name]?: Date; };
/**
 * One change that Xero reports, with the fields as Xero sent them. Five of them are always present and valid
 * (see `readEvent`); the others, and any that Xero may add, are passed on unchecked.
 *
 * Source: `xero-webhooks.yaml` of https://github.com/XeroAPI/Xero-OpenAPI.
 */
type XeroEvent = {
  /** Id of the changed resource, usually a GUID. `eventCategory` tells its kind. */
  readonly resourceId: string;
  /** The organisation that the resource belongs to. */
  readonly tenantId: string;
  /** `INVOICE`, `CONTACT`, `CREDITNOTE`, … Xero adds categories without notice; compare without case. */
  readonly eventCategory: string;
  /** `CREATE` or `UPDATE`, today. Compare without case. */
  readonly eventType: string;
  /** When it changed, in UTC with or without a final `Z`, with zero to seven fraction digits. */
  readonly eventDateUtc: string;
  readonly tenantType?: string;
  /** Where Xero says the resource is. Never request it: build the address from category and `resourceId`. */
  readonly resourceUrl?: string;
  /** Sent with the newer categories, for example `{ Type: 'ACCPAYCREDIT', Status: 'DRAFT' }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
};
/**
 * The resources that can be read, by event category in lower case. CONTRIBUTING.md says what else a new category needs.
 */
declare const RESOURCE_KINDS: {
  readonly invoice: {
    readonly paged: true;
    readonly archivedField: undefined;
    readonly path: 'Invoices';
    readonly id: 'InvoiceID';
    readonly scope: 'accounting.invoices.read';
    readonly readsManyByIds: true;
  };
  readonly creditnote: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'CreditNotes';
    readonly id: 'CreditNoteID';
    readonly scope: 'accounting.invoices.read';
  };
  readonly payment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Payments';
    readonly id: 'PaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly prepayment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Prepayments';
    readonly id: 'PrepaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly overpayment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Overpayments';
    readonly id: 'OverpaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly contact: {
    readonly paged: true;
    readonly path: 'Contacts';
    readonly id: 'ContactID';
    readonly scope: 'accounting.contacts.read';
    readonly readsManyByIds: true;
    readonly archivedField: 'ContactStatus';
  };
};
type ResourceCategory = keyof typeof RESOURCE_KINDS;
/** Events of these categories belong to the app, not to an organisation, and have no resource to read. */
declare const APP_CATEGORIES: readonly ['subscription'];
type KnownCategory = ResourceCategory | (typeof APP_CATEGORIES)[number];
/** Xero's event types in lower case, and the form that event names use. */
declare const PAST_TENSE: {
  readonly create: 'created';
  readonly update: 'updated';
};
/** The names of the events that Xero documents today, for example `invoice.updated`. */
type KnownEventName = `${KnownCategory}.${(typeof PAST_TENSE)[keyof typeof PAST_TENSE]}`;
type Fields$2 = {
  readonly [other: string]: unknown;
};
/** A contact within another resource: its id and name, rarely more. */
type ContactReference = Fields$2 & {
  readonly ContactID: string;
  readonly Name?: string;
};
/** One line of an invoice, credit note, prepayment or overpayment. */
type LineItem = Fields$2 & {
  readonly LineItemID?: string;
  readonly Description?: string;
  readonly Quantity?: number;
  readonly UnitAmount?: number;
  readonly ItemCode?: string;
  readonly AccountCode?: string;
  readonly TaxType?: string;
  readonly TaxAmount?: number;
  readonly LineAmount?: number;
  readonly DiscountRate?: number;
  readonly Tracking?: readonly (Fields$2 & {
    readonly Name?: string;
    readonly Option?: string;
  })[];
};
/** The part of a credit note, prepayment or overpayment that was applied to an invoice. */
type Allocation = Fields$2 & Dates<'Date'> & {
  readonly AllocationID?: string;
  readonly Amount?: number;
  readonly Invoice?: InvoiceReference;
};
/** An invoice within another resource. */
type InvoiceReference = Fields$2 & Dates<'Date' | 'DueDate'> & {
  readonly InvoiceID: string;
  readonly InvoiceNumber?: string;
};
type Amounts = {
  readonly LineAmountTypes?: 'Exclusive' | 'Inclusive' | 'NoTax';
  readonly LineItems?: readonly LineItem[];
  readonly SubTotal?: number;
  readonly TotalTax?: number;
  readonly Total?: number;
  readonly CurrencyCode?: string;
  readonly CurrencyRate?: number;
};
/** https://developer.xero.com/documentation/api/accounting/invoices */
type Invoice = Fields$2 & Amounts & Dates<'Date' | 'DueDate' | 'ExpectedPaymentDate' | 'PlannedPaymentDate' | 'FullyPaidOnDate' | 'UpdatedDateUTC'> & {
  readonly InvoiceID: string;
  readonly InvoiceNumber?: string;
  /** `ACCREC` is a sales invoice, `ACCPAY` a bill. */
  readonly Type?: 'ACCREC' | 'ACCPAY';
  readonly Status?: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED';
  readonly Reference?: string;
  readonly Contact?: ContactReference;
  /** `Date` and `DueDate` as Xero sends them: `2026-11-23T00:00:00`. */
  readonly DateString?: string;
  readonly DueDateString?: string;
  readonly AmountDue?: number;
  readonly AmountPaid?: number;
  readonly AmountCredited?: number;
  readonly SentToContact?: boolean;
  readonly HasAttachments?: boolean;
  readonly Payments?: readonly Payment[];
  readonly CreditNotes?: readonly CreditNote[];
  readonly Prepayments?: readonly Prepayment[];
  readonly Overpayments?: readonly Overpayment[];
};
/** https://developer.xero.com/documentation/api/accounting/contacts */
type Contact = Fields$2 & Dates<'UpdatedDateUTC'> & {
  readonly ContactID: string;
  readonly ContactNumber?: string;
  readonly AccountNumber?: string;
  readonly ContactStatus?: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST';
  readonly Name?: string;
  readonly FirstName?: string;
  readonly LastName?: string;
  readonly EmailAddress?: string;
  readonly TaxNumber?: string;
  readonly IsSupplier?: boolean;
  readonly IsCustomer?: boolean;
  readonly DefaultCurrency?: string;
  readonly Addresses?: readonly (Fields$2 & {
    readonly AddressType?: string;
    readonly AddressLine1?: string;
    readonly City?: string;
    readonly Region?: string;
    readonly PostalCode?: string;
    readonly Country?: string;
  })[];
  readonly Phones?: readonly (Fields$2 & {
    readonly PhoneType?: string;
    readonly PhoneNumber?: string;
  })[];
};
type Credit = Fields$2 & Amounts & Dates<'Date' | 'UpdatedDateUTC'> & {
  readonly Status?: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED';
  readonly Reference?: string;
  readonly Contact?: ContactReference;
  /** `Date` as Xero sends it: `2026-11-23T00:00:00`. */
  readonly DateString?: string;
  readonly RemainingCredit?: number;
  readonly Payments?: readonly Payment[];
  readonly Allocations?: readonly Allocation[];
};
/** https://developer.xero.com/documentation/api/accounting/creditnotes */
type CreditNote = Credit & Dates<'DueDate' | 'FullyPaidOnDate'> & {
  readonly CreditNoteID: string;
  readonly CreditNoteNumber?: string;
  readonly Type?: 'ACCRECCREDIT' | 'ACCPAYCREDIT';
};
/** https://developer.xero.com/documentation/api/accounting/prepayments */
type Prepayment = Credit & {
  readonly PrepaymentID: string;
  readonly Type?: 'RECEIVE-PREPAYMENT' | 'SPEND-PREPAYMENT';
};
/** https://developer.xero.com/documentation/api/accounting/overpayments */
type Overpayment = Credit & {
  readonly OverpaymentID: string;
  readonly Type?: 'RECEIVE-OVERPAYMENT' | 'SPEND-OVERPAYMENT' | 'AROVERPAYMENT';
};
/** https://developer.xero.com/documentation/api/accounting/payments */
type Payment = Fields$2 & Dates<'Date' | 'UpdatedDateUTC'> & {
  readonly PaymentID: string;
  readonly PaymentType?: string;
  readonly Status?: 'AUTHORISED' | 'DELETED';
  readonly Amount?: number;
  readonly BankAmount?: number;
  readonly CurrencyRate?: number;
  readonly Reference?: string;
  readonly IsReconciled?: boolean;
  readonly Invoice?: Partial<InvoiceReference> & {
    readonly Contact?: ContactReference;
  };
  readonly Account?: Fields$2 & {
    readonly AccountID?: string;
    readonly Code?: string;
  };
};
/** The resource types by event category. */
type ResourceOfCategory = {
  invoice: Invoice;
  contact: Contact;
  creditnote: CreditNote;
  payment: Payment;
  prepayment: Prepayment;
  overpayment: Overpayment;
};
/** The resource types by their path in Xero's API. */
type ResourceOfPath = { [Category in ResourceCategory as (typeof RESOURCE_KINDS)[Category]['path']]: ResourceOfCategory[Category]; };
/** A resource without a type here. */
type UnknownResource = {
  readonly [field: string]: unknown;
};
/** What `context.resource()` returns for an event name: `never` for events without a resource to read. */
type ResourceOf<Name extends string> = Name extends `${infer Category extends ResourceCategory}.${string}` ? ResourceOfCategory[Category] : Name extends KnownEventName ? never : UnknownResource;
/** What all lists support (https://developer.xero.com/documentation/api/accounting/requests-and-responses). */
type ListOptions = {
  /** Only what has changed since. Xero ignores a few kinds of change, such as the due date of a part-paid invoice. */
  readonly modifiedSince?: Date;
  /** Xero's filter, for example `Type=="ACCREC" AND AmountDue>0`. */
  readonly where?: string;
  /** For example `UpdatedDateUTC DESC`. */
  readonly order?: string;
  /** Items per call, from 1 to 1000. @defaultValue 100 */
  readonly pageSize?: number;
  /** Other parameters of the list, for example `{ Statuses: 'AUTHORISED,PAID' }`. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
};
/**
 * Reads from the event's organisation, within the same limits as everything else: a call that has to wait for long parks the
 * handler, which runs again later. Errors have a `code` (`XW_XERO_…`) and the `status` that Xero answered.
 */
type XeroClient = {
  /**
   * Reads one address.
   *
   * @param path below `/api.xro/2.0/`, for example `Organisation` or `Invoices/<id>`
   * @returns the answer's JSON, its dates as `Date`
   */
  get<Answer = UnknownResource>(path: string, query?: Readonly<Record<string, string | number | boolean>>): Promise<Answer>;
  /**
   * Reads a list, page by page as you iterate.
   *
   * @param path for example `Invoices`
   */
  list<Path extends keyof ResourceOfPath>(path: Path, options?: ListOptions): AsyncIterable<ResourceOfPath[Path]>;
  list(path: string, options?: ListOptions): AsyncIterable<UnknownResource>;
};
/** For example `invoice.updated`. `*` stands for every event, including those without any other handler. */
type EventName = KnownEventName | '*' | (string & {});
/**
 * Where an event came from. `replay`: an operator has it handled again. `backfill`: no webhook brought it; the resource was
 * found changed in Xero.
 */
type EventSource = 'webhook' | 'replay' | 'backfill';
/** What Xero sent, the event's name, and where it came from. */
type NamedEvent<Name extends EventName = EventName> = XeroEvent & {
  readonly name: Name extends '*' ? string : Name;
  readonly source: EventSource;
};
/**
 * Pino's methods of these names. Every line carries the names and ids of the event and the handler. It never throws; long
 * values are cut, and access tokens are left out.
 */
type HandlerLog = {
  debug(fields: object, message?: string): void;
  debug(message: string): void;
  info(fields: object, message?: string): void;
  info(message: string): void;
  warn(fields: object, message?: string): void;
  warn(message: string): void;
  error(fields: object, message?: string): void;
  error(message: string): void;
};
type ForwardOptions = {
  /**
   * What the receiver verifies the signature with: `whsec_` and 16 to 64 random bytes in base64. Several, as a list or
   * separated by commas, while one replaces another: each of them signs.
   */
  readonly secret: string | readonly string[];
  /** `resource`: what `context.resource()` comes to is sent with the event. @defaultValue `event` */
  readonly include?: 'event' | 'resource';
};
/** What a handler gets besides the event. */
type Context<Name extends EventName = EventName> = {
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
type Handler<Name extends EventName = EventName> = (event: NamedEvent<Name>, context: Context<Name>) => unknown;
type HandlerOptions = {
  /** Its name in logs, in the ledger and in idempotency keys. @defaultValue the function's name */
  name?: string;
  /** Skip events older than the newest one that this handler has handled for the resource. @defaultValue false */
  latestOnly?: boolean;
  /** Time limit for one attempt, in milliseconds. @defaultValue the worker's HANDLER_TIMEOUT_MS */
  timeoutMs?: number;
};
/** A name that Xero documents; in place of any other, what to do. A `string` that is not known yet is let through. */
type CheckedName<Name extends string> = string extends Name ? Name : Name extends KnownEventName | '*' ? Name : `${Name} is no event that Xero documents; if it is new, add: as string`;
/** Registers a handler for one event, several events, or all (`*`). */
type On = {
  <Name extends EventName>(names: CheckedName<Name> | readonly CheckedName<Name>[], handler: Handler<Name>): void;
  <Name extends EventName>(names: CheckedName<Name> | readonly CheckedName<Name>[], options: HandlerOptions, handler: Handler<Name>): void;
};
/** Runs at shutdown, after the last handler has ended. */
type Cleanup = () => unknown;
/** The default export of a handler module. */
type Register = (on: On) => Promise<Cleanup | void> | Cleanup | void;
type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
type FaultKind =
/** Not carried out; answered with this status (500, 503) and, if given, a `Retry-After` in seconds. */
{
  readonly kind: 'status';
  readonly status: number;
  readonly retryAfter?: number;
} |
/** Answered by something in front of Xero, such as a firewall, with its own page (403 by default). */
{
  readonly kind: 'firewall';
  readonly status?: number;
} |
/** Not carried out; answered with 429 without a `Retry-After`. */
{
  readonly kind: 'too-many-requests';
} |
/** Carried out; answered this many milliseconds later. */
{
  readonly kind: 'slow';
  readonly ms: number;
} |
/** Carried out, but the connection is reset instead of an answer. */
{
  readonly kind: 'reset';
} |
/** Carried out; the answer is not JSON. */
{
  readonly kind: 'malformed';
} |
/** Carried out, but the connection ends in the middle of the answer. */
{
  readonly kind: 'truncated';
};
/** The calls that a fault applies to; a missing field matches any. */
type FaultMatch = {
  /** A prefix of the path, for example `/api.xro/2.0/Invoices`. */
  readonly path?: string;
  readonly tenantId?: string;
  readonly method?: string;
};
type Fault = FaultKind & {
  /** How many calls it applies to. @defaultValue 1 */
  readonly times?: number;
  /** @defaultValue every call */
  readonly on?: FaultMatch | ((call: Call, tenantId: string | undefined) => boolean);
};
type FakeOrganisation = {
  readonly tenantId: string;
  readonly name: string;
};
/** A Xero user, who can connect organisations to an app. */
type FakeUser = {
  readonly userId: string;
  /** The organisations they may connect. */
  readonly tenantIds: readonly string[];
};
/** An app as in the developer portal. */
type FakeClient = {
  readonly clientId: string;
  /** None for an app that uses only PKCE. */
  readonly clientSecret?: string;
  /** @defaultValue any address on loopback */
  readonly redirectUris?: readonly string[];
  /** The app is a custom connection to this one organisation, and uses `client_credentials`. */
  readonly customConnectionTenantId?: string;
};
/** Lifetimes of tokens, in milliseconds. */
type TokenLifetimes = {
  /** @defaultValue 30 minutes */
  readonly accessTokenMs: number;
  /** Of an unused refresh token. @defaultValue 60 days */
  readonly refreshTokenMs: number;
  /** How long a refresh token keeps working after its first use. @defaultValue 30 minutes */
  readonly refreshGraceMs: number;
};
/** The answer of the token endpoint. */
type TokenSet = {
  readonly access_token: string;
  /** In seconds. */
  readonly expires_in: number;
  readonly token_type: 'Bearer';
  /** Only with the scope `offline_access`. */
  readonly refresh_token?: string;
  readonly scope: string;
};
/** What the user does on the consent page. */
type Consent = {
  readonly denied: true;
} | {
  readonly denied?: false;
  /** @defaultValue the first user */
  readonly userId?: string;
  /** @defaultValue all of the user's */
  readonly tenantIds?: readonly string[];
};
/** The most calls that are answered. Windows follow the clock, they do not slide. */
type Limits = {
  /** At once, for one organisation. @defaultValue 5 */
  simultaneous: number;
  /** In a minute, for one organisation. @defaultValue 60 */
  perMinute: number;
  /** In a day (UTC), for one organisation. @defaultValue 5000 */
  perDay: number;
  /** In a minute, for one app over all its organisations. @defaultValue 10000 */
  appPerMinute: number;
};
/** A resource's fields as Xero sends them. */
type Fields$1 = Readonly<Record<string, unknown>>;
/** A change of one resource. */
type Change = {
  readonly category: ResourceCategory;
  /** @defaultValue the first organisation */
  readonly tenantId?: string;
  /** Created if it does not exist. @defaultValue a new id */
  readonly resourceId?: string;
  /**
   * Its new values; other fields stay. `UpdatedDateUTC` is set automatically.
   *
   * @defaultValue nothing for a new resource; an existing one gets a visible edit
   */
  readonly fields?: Fields$1;
  /** Whether to send a webhook. @defaultValue true */
  readonly notify?: boolean;
};
/** The result of a change. */
type Changed = {
  readonly category: ResourceCategory;
  readonly tenantId: string;
  readonly resourceId: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Its `UpdatedDateUTC`, in milliseconds since 1970: later than that of any earlier change. */
  readonly updatedAt: number;
  readonly fields: Fields$1;
};
/** The delivery URL and the webhook key. */
type WebhookTarget = {
  readonly url: string;
  readonly key: string;
};
/** How the webhook delivers. */
type WebhookBehaviour = {
  /** Delay after each failure, in milliseconds; the last one repeats. */
  readonly retryDelaysMs: readonly number[];
  /** An answer that takes longer is a failure. @defaultValue 5 seconds */
  readonly deadlineMs: number;
  /** If a payload fails for this long, the webhook is switched off. @defaultValue 24 hours */
  readonly disableAfterMs: number;
  /** How many events of one call of `change` share a payload. @defaultValue 1 */
  readonly eventsPerPayload: number;
};
/** One try to deliver one payload. */
type DeliveryAttempt = {
  /** When it ended, by the fake's clock. */
  readonly time: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** `failed`: anything but a 2xx; `unreachable`: no answer at all. */
  readonly outcome: 'accepted' | 'failed' | 'too slow' | 'unreachable';
  readonly status?: number;
  /** Its duration in milliseconds by the machine's clock, not the fake's. */
  readonly ms: number;
};
/** The event that the webhook sends for a change. */
type Told = {
  readonly sequence: number;
  readonly event: XeroEvent;
};
/** The result of a change and its event; none if `notify` is false or the webhook has no target. */
type ToldChange = Changed & {
  readonly told?: Told;
};
/** The state of the webhook. */
type WebhookState = {
  readonly url?: string;
  /** False once it has switched itself off. */
  readonly enabled: boolean;
  /** Payloads being delivered or waiting for a retry. */
  readonly pending: number;
  /** Events that were not accepted before it was switched off, and those that came after. */
  readonly lostEvents: number;
};
type Webhook = ReturnType<typeof createWebhook>;
/**
 * Payloads are delivered independently, so retried ones arrive out of order.
 *
 * @param stopped aborted when nothing more may be sent
 */
declare function createWebhook(clock: FakeClock, behaviour: WebhookBehaviour, stopped: AbortSignal): {
  attempts: () => readonly DeliveryAttempt[];
  state: () => WebhookState;
  /** Sets or clears the target, and switches the webhook on. Lost events stay lost. */
  setTarget(next: WebhookTarget | undefined): void;
  /**
   * Sends events for changes. Sequence numbers continue from one payload to the next.
   *
   * @returns the event of each change
   * @throws RangeError if payloads cannot have that many events
   */
  publish(changes: readonly Changed[], eventsPerPayload?: number): ReadonlyMap<Changed, Told>;
  /**
   * Waits until every payload with one of these events has been tried once or never will be.
   *
   * @param first the number of the first event
   * @param last the number of the last one
   * @returns the first attempt of each payload that was tried
   */
  firstAttempts(first: number, last: number): Promise<readonly DeliveryAttempt[]>;
  /** Waits until this many attempts have ended in all; failed ones are waiting for their retry by then. */
  whenAttempted: (count: number) => Promise<void>;
  /** Waits until nothing is being delivered or waiting for a retry. */
  whenIdle: () => Promise<void>;
};
type GrantOptions = {
  /** @defaultValue the first app */
  readonly clientId?: string;
  /** @defaultValue the first user */
  readonly userId?: string;
  /** @defaultValue all of the user's organisations */
  readonly tenantIds?: readonly string[];
};
/** Everything that controls the fake; over HTTP under `/__fake/`. */
type FakeXeroControls = {
  readonly clock: FakeClock;
  readonly organisations: readonly FakeOrganisation[];
  /**
   * Changes or creates a resource, and sends a webhook for it.
   *
   * @throws RangeError if the organisation or category does not exist
   */
  readonly change: (change: Change) => ToldChange;
  /** Makes several changes; their events share payloads of up to `eventsPerPayload` events (default: the webhook's own). */
  readonly changeAll: (changes: readonly Change[], eventsPerPayload?: number) => readonly ToldChange[];
  /**
   * The ids of all resources of a kind, least recently changed first.
   *
   * @param tenantId by default the first organisation
   * @throws RangeError if the organisation or category does not exist
   */
  readonly resourceIds: (category: ResourceCategory, tenantId?: string) => readonly string[];
  /** All calls so far except those under `/__fake/`, oldest first. */
  readonly calls: () => readonly LoggedCall[];
  readonly forgetCalls: () => void;
  /** How close an organisation's calls came to the limits, including refused calls. */
  readonly usage: (tenantId: string) => Usage;
  /** Makes the next calls fail. */
  readonly addFault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Changes some limits from now on. */
  readonly setLimits: (limits: Partial<Limits>) => void;
  /** What users do on the login page from now on. @defaultValue the first user allows all their organisations */
  readonly setConsent: (consent: Consent) => void;
  /**
   * Connects a user's organisations to an app without the login page, and returns the token set.
   *
   * @throws RangeError if the app or user does not exist
   */
  readonly grant: (options?: GrantOptions) => TokenSet;
  readonly webhook: Pick<Webhook, 'attempts' | 'firstAttempts' | 'state' | 'setTarget' | 'whenAttempted' | 'whenIdle'>;
};
type FakeXeroOptions = {
  /** Where it listens. @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue any free port */
  port?: number;
  /** @defaultValue one that runs with the machine's time */
  clock?: FakeClock;
  /** @defaultValue two, each with a handful of contacts, invoices and so on */
  organisations?: readonly FakeOrganisation[];
  /** @defaultValue one, who may connect every organisation */
  users?: readonly FakeUser[];
  /** @defaultValue `demo-app` and `demo-custom` (their secret is `demo-secret`), and `demo-pkce-app`, which has none */
  clients?: readonly FakeClient[];
  /** @defaultValue those of Xero */
  limits?: Partial<Limits>;
  /** @defaultValue those of Xero */
  lifetimes?: Partial<TokenLifetimes>;
  /** Where the webhook is delivered, and how it behaves. @defaultValue no target, Xero's behaviour */
  webhook?: Partial<WebhookTarget & WebhookBehaviour>;
  /** Called at the end of each call except those under `/__fake/`. */
  onCall?: (call: LoggedCall) => void;
};
/** A running fake, reached over real HTTP. */
type FakeXero = FakeXeroControls & {
  /** The base URL for API, identity and login. */
  readonly url: string;
  /** Environment variables that point our processes to this fake. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clients: readonly FakeClient[];
  readonly users: readonly FakeUser[];
  /** Stops it and aborts everything in progress. */
  readonly stop: () => Promise<void>;
};
/**
 * A fake of Xero: login, tokens, connections, the resources that webhooks report, the limits, and the webhook itself.
 * Everything is in memory.
 *
 * Other processes control it under `/__fake/`, from this machine only: see `control` in control-over-http.ts.
 */
export declare function startFakeXero(options?: FakeXeroOptions): Promise<FakeXero>;
/**
 * An event as Xero sends it, of a new resource, now.
 *
 * @param name such as `invoice.updated`
 * @param over fields that are to be others
 */
export declare function sampleEvent(name: KnownEventName | (string & {}), over?: Partial<XeroEvent>): XeroEvent;
/** What `fetch` takes as its second argument, and Fastify's `inject` besides an address. */
type SignedRequest = {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
};
/**
 * A webhook request as Xero sends it: with its irregular spaces, and signed.
 *
 * @param events names, or whole events; none is Xero's check of the intent to receive
 * @param key the webhook key
 */
export declare function signedRequest(events: readonly (KnownEventName | XeroEvent | (string & {}))[], key: string): SignedRequest;
type Fields<Category extends ResourceCategory> = Partial<ResourceOfCategory[Category]>;
type Answer<Value> = Value | null | Error;
/**
 * What `context.resource()` comes to, by category: fields that are to be other than those of a sample, an error that it
 * throws, `null` for a resource that Xero does not have, or a function that gives one of these for an event.
 */
type TestResources = { [Category in ResourceCategory]?: Answer<Fields<Category>> | ((event: XeroEvent) => Answer<Fields<Category>> | Promise<Answer<Fields<Category>>>); };
/**
 * What `context.xero` comes to, by path: the answer of `get`, a list that `list` reads, an error that is thrown, `null` for
 * what Xero does not have, or a function that gives one of these for the query.
 */
type TestAnswers = Readonly<Record<string, unknown>>;
type TestHandlersOptions = {
  /** What `context.resource()` comes to, by category. @defaultValue samples */
  resources?: TestResources;
  /** What `context.xero.get` and `list` come to, by path. @defaultValue nothing: such a read fails */
  answers?: TestAnswers;
  /** The time limit of handlers that have none of their own, in milliseconds. @defaultValue 30000, as the worker's */
  timeoutMs?: number;
};
/** A line that a handler has logged. */
type LogLine = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
};
/** What one handler did with an event. */
type HandlerRun = {
  /** `gave-up` by `context.giveUp`, `later` by `context.retryIn`; `failed` if it threw, timed out or forgot an await. */
  readonly outcome: 'succeeded' | 'failed' | 'gave-up' | 'later';
  /** Of a handler that failed or gave up. */
  readonly error?: Error;
  /** Why it is to run again later, as it said. */
  readonly reason?: string;
  /** How long until it runs again, in milliseconds: what it or a `Retry-After` asked for, or what the worker waits by default. */
  readonly delayMs?: number;
  readonly idempotencyKey: string;
  readonly log: readonly LogLine[];
};
type TestedHandlers = {
  /**
   * Runs each handler of an event once, all at the same time as the worker does.
   *
   * @param name such as `invoice.updated`
   * @param over fields of the event that are to be other than those of a sample
   * @param attempt which attempt the handlers take it for, from 1. @defaultValue 1
   * @returns what each did, by the handler's name
   */
  emit(name: KnownEventName | (string & {}), over?: Partial<XeroEvent>, attempt?: number): Promise<Record<string, HandlerRun>>;
  /** Runs the function that the handler module returned for the shutdown. */
  close(): Promise<void>;
};
/**
 * Runs handlers without Redis, ports or Xero, as the worker does: with the same context, time limits and rules for
 * outcomes. What they forward is posted, also to addresses of this machine. What the queue does with an outcome is not part of it: retries, dead letters, duplicates and `latestOnly`.
 *
 * @param register the default export of the handler module
 * @throws HandlersError as the worker does, if the module registers something that it may not
 */
export declare function testHandlers(register: Register, options?: TestHandlersOptions): Promise<TestedHandlers>;
export type { Change, Changed, Consent, DeliveryAttempt, FakeClient, FakeClock, FakeOrganisation, FakeUser, FakeXero, FakeXeroControls, FakeXeroOptions, Fault, FaultKind, FaultMatch, GrantOptions, HandlerRun, Limits, LogLine, LoggedCall, SignedRequest, TestAnswers, TestHandlersOptions, TestResources, TestedHandlers, TokenLifetimes, TokenSet, Told, ToldChange, Usage, WebhookBehaviour, WebhookState, WebhookTarget };