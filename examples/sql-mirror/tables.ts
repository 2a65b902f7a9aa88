import type {
  Contact,
  CreditNote,
  Invoice,
  Overpayment,
  Payment,
  Prepayment,
  UnknownResource,
} from 'xero-webhooks/handlers';

type Value = string | number | null;

/** A table: where a resource has its id, and what goes into columns of their own. All of it is in the column `json`. */
export type Table = { readonly id: string; readonly columns: Readonly<Record<string, (resource: never) => unknown>> };

/** A table for each category; to query another field, add it here and fill the table anew. */
export const TABLES = {
  invoice: {
    id: 'InvoiceID',
    columns: {
      number: (one: Invoice) => one.InvoiceNumber,
      type: (one: Invoice) => one.Type,
      status: (one: Invoice) => one.Status,
      contact_id: (one: Invoice) => one.Contact?.ContactID,
      date: (one: Invoice) => one.Date,
      due_date: (one: Invoice) => one.DueDate,
      currency: (one: Invoice) => one.CurrencyCode,
      total: (one: Invoice) => one.Total,
      amount_due: (one: Invoice) => one.AmountDue,
    },
  },
  contact: {
    id: 'ContactID',
    columns: {
      name: (one: Contact) => one.Name,
      email: (one: Contact) => one.EmailAddress,
      status: (one: Contact) => one.ContactStatus,
      is_customer: (one: Contact) => one.IsCustomer,
      is_supplier: (one: Contact) => one.IsSupplier,
    },
  },
  creditnote: {
    id: 'CreditNoteID',
    columns: {
      number: (one: CreditNote) => one.CreditNoteNumber,
      type: (one: CreditNote) => one.Type,
      status: (one: CreditNote) => one.Status,
      contact_id: (one: CreditNote) => one.Contact?.ContactID,
      date: (one: CreditNote) => one.Date,
      total: (one: CreditNote) => one.Total,
      remaining: (one: CreditNote) => one.RemainingCredit,
    },
  },
  payment: {
    id: 'PaymentID',
    columns: {
      status: (one: Payment) => one.Status,
      date: (one: Payment) => one.Date,
      amount: (one: Payment) => one.Amount,
      invoice_id: (one: Payment) => one.Invoice?.InvoiceID,
    },
  },
  prepayment: {
    id: 'PrepaymentID',
    columns: {
      type: (one: Prepayment) => one.Type,
      status: (one: Prepayment) => one.Status,
      contact_id: (one: Prepayment) => one.Contact?.ContactID,
      total: (one: Prepayment) => one.Total,
      remaining: (one: Prepayment) => one.RemainingCredit,
    },
  },
  overpayment: {
    id: 'OverpaymentID',
    columns: {
      type: (one: Overpayment) => one.Type,
      status: (one: Overpayment) => one.Status,
      contact_id: (one: Overpayment) => one.Contact?.ContactID,
      total: (one: Overpayment) => one.Total,
      remaining: (one: Overpayment) => one.RemainingCredit,
    },
  },
} as const satisfies Readonly<Record<string, Table>>;

/** What goes into a row, by column. */
export function rowOf(
  { id, columns }: Table,
  tenantId: string,
  resource: UnknownResource,
): Readonly<Record<string, Value>> {
  const own = Object.entries(columns).map(([column, of]) => [column, valueOf(of(resource as never))]);
  return {
    tenant_id: tenantId,
    id: valueOf(resource[id]),
    updated_at: valueOf(resource['UpdatedDateUTC']),
    ...Object.fromEntries(own),
    json: JSON.stringify(resource),
  };
}

/** Dates as text that sorts; SQLite has no truth values. */
function valueOf(value: unknown): Value {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
