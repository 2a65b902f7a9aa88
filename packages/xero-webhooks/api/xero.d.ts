/**
 * Reading from Xero outside of handlers, with the tokens and within the limits of the workers.
 *
 * ```ts
 * const xero = await openXero();
 * for await (const invoice of xero.organisation(tenantId).list('Invoices', { where: 'Status=="AUTHORISED"' })) { … }
 * await xero.close();
 * ```
 */
type Environment = Readonly<Record<string, string | undefined>>;
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
type OpenXeroOptions = {
  /** The variables that the workers have: `REDIS_URL`, `REDIS_PREFIX`, those of Xero. @defaultValue `process.env` */
  environment?: Environment;
  /** Supplies access tokens, as the handler module's `accessToken`. @defaultValue as the environment says */
  accessToken?: AccessTokenProvider;
};
/** Reads from Xero outside of handlers: in a script, or a job of your own. */
type Xero = {
  /**
   * Reads of one organisation. A call that the limits do not allow waits until they do, which can be the next day: abort it
   * with the signal.
   */
  organisation(tenantId: string, options?: {
    signal?: AbortSignal;
  }): XeroClient;
  /** Disconnects from Redis and Xero. */
  close(): Promise<void>;
};
/**
 * Opens Xero with the tokens and within the limits of the workers: what a script reads counts for them, too.
 *
 * @throws CodedError `XW_CONFIG` if a variable is missing or wrong, or nothing says where access tokens come from;
 *   `XW_REDIS_REFUSED` or `XW_SHARDS` if the Redis is not that of the workers
 */
export declare function openXero({ environment, accessToken }?: OpenXeroOptions): Promise<Xero>;
export type { AccessTokenProvider, BroughtToken, ListOptions, OpenXeroOptions, ResourceOfPath, UnknownResource, Xero, XeroClient };