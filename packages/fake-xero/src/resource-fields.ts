import { guidOf } from './guid.ts';
import { jsonDate, unzonedDay } from './json-date.ts';

const DAY_MS = 86_400_000;
const TAX_RATE = 0.15;

/** A resource's fields as Xero sends them. */
export type Fields = Readonly<Record<string, unknown>>;

/** One line of an invoice, credit note, prepayment or overpayment. */
export type Line = { readonly description: string; readonly quantity: number; readonly unitAmount: number };

const CONSULTING: Line = { description: 'Consulting', quantity: 2, unitAmount: 125 };

type Invoice = {
  resourceId: string;
  time: number;
  number: string;
  contact: Fields;
  lines?: readonly Line[];
  status?: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED';
  reference?: string;
};

export function invoiceFields(invoice: Invoice): Fields {
  const { resourceId, time, number, contact, lines = [CONSULTING], status = 'AUTHORISED' } = invoice;
  const amounts = amountsOf(lines);
  const paid = status === 'PAID' ? amounts.Total : 0;
  return {
    Type: 'ACCREC',
    InvoiceID: resourceId,
    InvoiceNumber: number,
    Reference: invoice.reference ?? '',
    Payments: [],
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    AmountDue: status === 'VOIDED' ? 0 : amounts.Total - paid,
    AmountPaid: paid,
    AmountCredited: 0,
    IsDiscounted: false,
    HasAttachments: false,
    HasErrors: false,
    Contact: contact,
    DateString: unzonedDay(time),
    Date: jsonDay(time),
    DueDateString: unzonedDay(time + 14 * DAY_MS),
    DueDate: jsonDay(time + 14 * DAY_MS),
    Status: status,
    LineAmountTypes: 'Exclusive',
    LineItems: lineItems(resourceId, lines),
    ...amounts,
    CurrencyCode: 'NZD',
    CurrencyRate: 1,
  };
}

export function contactFields(resourceId: string, name: string, more: Fields = {}): Fields {
  const [firstName] = name.split(' ');
  return {
    ContactID: resourceId,
    ContactStatus: 'ACTIVE',
    Name: name,
    FirstName: firstName,
    LastName: 'Accounts',
    EmailAddress: `accounts@${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.example`,
    BankAccountDetails: '',
    Addresses: [
      { AddressType: 'POBOX', AddressLine1: 'P O Box 123', City: 'Wellington', PostalCode: '6011', Country: 'NZ' },
    ],
    Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '5550100', PhoneAreaCode: '04', PhoneCountryCode: '64' }],
    ContactGroups: [],
    IsSupplier: false,
    IsCustomer: true,
    DefaultCurrency: 'NZD',
    ContactPersons: [],
    HasAttachments: false,
    HasValidationErrors: false,
    ...more,
  };
}

export function creditNoteFields(resourceId: string, time: number, number: string, contact: Fields): Fields {
  const lines = [{ description: 'Goods returned', quantity: 1, unitAmount: 40 }];
  const amounts = amountsOf(lines);
  return {
    CreditNoteID: resourceId,
    CreditNoteNumber: number,
    Type: 'ACCRECCREDIT',
    Reference: '',
    RemainingCredit: amounts.Total,
    Allocations: [],
    HasAttachments: false,
    ...document(resourceId, time, contact, lines),
  };
}

/** @param invoice what it pays */
export function paymentFields(resourceId: string, time: number, invoice: Fields): Fields {
  return {
    PaymentID: resourceId,
    Date: jsonDay(time),
    BankAmount: invoice['Total'],
    Amount: invoice['Total'],
    CurrencyRate: 1,
    PaymentType: 'ACCRECPAYMENT',
    Status: 'AUTHORISED',
    Reference: '',
    HasAccount: true,
    IsReconciled: false,
    Account: { AccountID: guidOf('account', '090'), Code: '090' },
    Invoice: {
      Type: invoice['Type'],
      InvoiceID: invoice['InvoiceID'],
      InvoiceNumber: invoice['InvoiceNumber'],
      Contact: invoice['Contact'],
      CurrencyCode: 'NZD',
      HasErrors: false,
    },
    HasValidationErrors: false,
  };
}

export function prepaymentFields(resourceId: string, time: number, reference: string, contact: Fields): Fields {
  const lines = [{ description: 'Deposit', quantity: 1, unitAmount: 500 }];
  return {
    PrepaymentID: resourceId,
    Type: 'RECEIVE-PREPAYMENT',
    Reference: reference,
    RemainingCredit: amountsOf(lines).Total,
    Allocations: [],
    Payments: [],
    HasAttachments: false,
    ...document(resourceId, time, contact, lines),
  };
}

export function overpaymentFields(resourceId: string, time: number, contact: Fields): Fields {
  const lines = [{ description: 'Paid twice', quantity: 1, unitAmount: 60 }];
  return {
    OverpaymentID: resourceId,
    Type: 'RECEIVE-OVERPAYMENT',
    RemainingCredit: amountsOf(lines).Total,
    Allocations: [],
    Payments: [],
    HasAttachments: false,
    ...document(resourceId, time, contact, lines),
  };
}

function document(resourceId: string, time: number, contact: Fields, lines: readonly Line[]): Fields {
  return {
    Contact: contact,
    DateString: unzonedDay(time),
    Date: jsonDay(time),
    Status: 'AUTHORISED',
    LineAmountTypes: 'Exclusive',
    LineItems: lineItems(resourceId, lines),
    ...amountsOf(lines),
    CurrencyCode: 'NZD',
    CurrencyRate: 1,
  };
}

function lineItems(resourceId: string, lines: readonly Line[]): readonly Fields[] {
  return lines.map(({ description, quantity, unitAmount }, index) => ({
    LineItemID: guidOf(resourceId, 'line', String(index)),
    Description: description,
    Quantity: quantity,
    UnitAmount: unitAmount,
    LineAmount: cents(quantity * unitAmount),
    TaxType: 'OUTPUT2',
    TaxAmount: cents(quantity * unitAmount * TAX_RATE),
    AccountCode: '200',
    Tracking: [],
  }));
}

function amountsOf(lines: readonly Line[]) {
  let subTotal = 0;
  for (const { quantity, unitAmount } of lines) subTotal += quantity * unitAmount;
  const totalTax = cents(subTotal * TAX_RATE);
  return { SubTotal: cents(subTotal), TotalTax: totalTax, Total: cents(subTotal + totalTax) };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function jsonDay(time: number): string {
  return jsonDate(time - (time % DAY_MS));
}
