/**
 * What handlers are written against: types alone, so that importing them is free.
 *
 * ```ts
 * import type { Register } from 'xero-webhooks/handlers';
 *
 * const register: Register = (on) => {
 *   on('invoice.updated', async function syncInvoice(event, context) {
 *     const invoice = await context.resource();
 *   });
 * };
 * export default register;
 * ```
 */
/** An access token for Xero's API. */
type BroughtToken = {
  readonly accessToken: string;
  /** When it expires: a `Date`, a date as text, or milliseconds since 1970. */
  readonly expiresAt: Date | string | number;
};
/**
 * Supplies access tokens that another system keeps: what a handler module exports as `accessToken`. Each process calls it
 * once per organisation and token lifetime. If it throws, nothing is lost: reads of the organisation wait, and it is called
 * again a little later.
 *
 * @returns a token, or `null` if the organisation is not connected
 */
type AccessTokenProvider = (tenantId: string, options: {
  /** Xero has rejected the last token (401): return another one. */
  readonly refresh: boolean;
  /** Aborted when the token is no longer needed. */
  readonly signal: AbortSignal;
}) => Promise<BroughtToken | null> | BroughtToken | null;
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
type Fields = {
  readonly [other: string]: unknown;
};
/** A contact within another resource: its id and name, rarely more. */
type ContactReference = Fields & {
  readonly ContactID: string;
  readonly Name?: string;
};
/** One line of an invoice, credit note, prepayment or overpayment. */
type LineItem = Fields & {
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
  readonly Tracking?: readonly (Fields & {
    readonly Name?: string;
    readonly Option?: string;
  })[];
};
/** The part of a credit note, prepayment or overpayment that was applied to an invoice. */
type Allocation = Fields & Dates<'Date'> & {
  readonly AllocationID?: string;
  readonly Amount?: number;
  readonly Invoice?: InvoiceReference;
};
/** An invoice within another resource. */
type InvoiceReference = Fields & Dates<'Date' | 'DueDate'> & {
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
type Invoice = Fields & Amounts & Dates<'Date' | 'DueDate' | 'ExpectedPaymentDate' | 'PlannedPaymentDate' | 'FullyPaidOnDate' | 'UpdatedDateUTC'> & {
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
type Contact = Fields & Dates<'UpdatedDateUTC'> & {
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
  readonly Addresses?: readonly (Fields & {
    readonly AddressType?: string;
    readonly AddressLine1?: string;
    readonly City?: string;
    readonly Region?: string;
    readonly PostalCode?: string;
    readonly Country?: string;
  })[];
  readonly Phones?: readonly (Fields & {
    readonly PhoneType?: string;
    readonly PhoneNumber?: string;
  })[];
};
type Credit = Fields & Amounts & Dates<'Date' | 'UpdatedDateUTC'> & {
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
type Payment = Fields & Dates<'Date' | 'UpdatedDateUTC'> & {
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
  readonly Account?: Fields & {
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
export type { AccessTokenProvider, Allocation, BroughtToken, CheckedName, Cleanup, Contact, ContactReference, Context, CreditNote, EventName, ForwardOptions, Handler, HandlerLog, HandlerOptions, Invoice, InvoiceReference, KnownEventName, LineItem, ListOptions, NamedEvent, On, Overpayment, Payment, Prepayment, Register, ResourceOf, ResourceOfPath, UnknownResource, XeroClient, XeroEvent };