import type { KnownEventName, RESOURCE_KINDS, ResourceCategory } from '@xero-webhooks/webhook';
import type { Dates } from './date-fields.ts';

/*
 * The fields that people use, as Xero names them (https://developer.xero.com/documentation/api/accounting/overview); others
 * are there too, without a type. `Dates` are `Date` objects, in UTC whether or not Xero sent a zone. Every field but the id
 * may be missing.
 */

type Fields = { readonly [other: string]: unknown };

/** A contact within another resource: its id and name, rarely more. */
export type ContactReference = Fields & { readonly ContactID: string; readonly Name?: string };

/** One line of an invoice, credit note, prepayment or overpayment. */
export type LineItem = Fields & {
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
  readonly Tracking?: readonly (Fields & { readonly Name?: string; readonly Option?: string })[];
};

/** The part of a credit note, prepayment or overpayment that was applied to an invoice. */
export type Allocation = Fields &
  Dates<'Date'> & {
    readonly AllocationID?: string;
    readonly Amount?: number;
    readonly Invoice?: InvoiceReference;
  };

/** An invoice within another resource. */
export type InvoiceReference = Fields &
  Dates<'Date' | 'DueDate'> & { readonly InvoiceID: string; readonly InvoiceNumber?: string };

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
export type Invoice = Fields &
  Amounts &
  Dates<'Date' | 'DueDate' | 'ExpectedPaymentDate' | 'PlannedPaymentDate' | 'FullyPaidOnDate' | 'UpdatedDateUTC'> & {
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
export type Contact = Fields &
  Dates<'UpdatedDateUTC'> & {
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
    readonly Phones?: readonly (Fields & { readonly PhoneType?: string; readonly PhoneNumber?: string })[];
  };

type Credit = Fields &
  Amounts &
  Dates<'Date' | 'UpdatedDateUTC'> & {
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
export type CreditNote = Credit &
  Dates<'DueDate' | 'FullyPaidOnDate'> & {
    readonly CreditNoteID: string;
    readonly CreditNoteNumber?: string;
    readonly Type?: 'ACCRECCREDIT' | 'ACCPAYCREDIT';
  };

/** https://developer.xero.com/documentation/api/accounting/prepayments */
export type Prepayment = Credit & {
  readonly PrepaymentID: string;
  readonly Type?: 'RECEIVE-PREPAYMENT' | 'SPEND-PREPAYMENT';
};

/** https://developer.xero.com/documentation/api/accounting/overpayments */
export type Overpayment = Credit & {
  readonly OverpaymentID: string;
  readonly Type?: 'RECEIVE-OVERPAYMENT' | 'SPEND-OVERPAYMENT' | 'AROVERPAYMENT';
};

/** https://developer.xero.com/documentation/api/accounting/payments */
export type Payment = Fields &
  Dates<'Date' | 'UpdatedDateUTC'> & {
    readonly PaymentID: string;
    readonly PaymentType?: string;
    readonly Status?: 'AUTHORISED' | 'DELETED';
    readonly Amount?: number;
    readonly BankAmount?: number;
    readonly CurrencyRate?: number;
    readonly Reference?: string;
    readonly IsReconciled?: boolean;
    readonly Invoice?: Partial<InvoiceReference> & { readonly Contact?: ContactReference };
    readonly Account?: Fields & { readonly AccountID?: string; readonly Code?: string };
  };

/** The resource types by event category. */
export type ResourceOfCategory = {
  invoice: Invoice;
  contact: Contact;
  creditnote: CreditNote;
  payment: Payment;
  prepayment: Prepayment;
  overpayment: Overpayment;
};

/** The resource types by their path in Xero's API. */
export type ResourceOfPath = {
  [Category in ResourceCategory as (typeof RESOURCE_KINDS)[Category]['path']]: ResourceOfCategory[Category];
};

/** A resource without a type here. */
export type UnknownResource = { readonly [field: string]: unknown };

/** What `context.resource()` returns for an event name: `never` for events without a resource to read. */
export type ResourceOf<Name extends string> = Name extends `${infer Category extends ResourceCategory}.${string}`
  ? ResourceOfCategory[Category]
  : Name extends KnownEventName
    ? never
    : UnknownResource;
