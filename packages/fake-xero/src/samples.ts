import type { ResourceCategory } from '@xero-webhooks/handlers';
import { jsonDate } from './json-date.ts';
import type { Fields } from './resource-fields.ts';
import {
  contactFields,
  creditNoteFields,
  invoiceFields,
  overpaymentFields,
  paymentFields,
  prepaymentFields,
} from './resource-fields.ts';

type NewResource = {
  resourceId: string;
  /** When it is created, in milliseconds since 1970. */
  time: number;
  /** Its place among its kind in the organisation, from 1; the number of what Xero numbers. */
  count: number;
  contact: Fields;
  /** What it pays, if it is a payment. */
  invoice: Fields;
};

type Sample = {
  /** A new one that looks real. */
  create(resource: NewResource): Fields;
  /**
   * The fields that an ordinary edit changes: something that shows, with amounts that still agree.
   *
   * @param time in milliseconds since 1970, different for each edit of a resource
   */
  edit(before: Fields, time: number): Fields;
  /** The `data` of its events, if Xero sends any. */
  eventData?(dateUtc: string): Fields;
};

const editReference: Sample['edit'] = (_before, time) => ({ Reference: `Ref ${stamp(time)}` });

export const SAMPLES: Readonly<Record<ResourceCategory, Sample>> = {
  invoice: {
    create: ({ resourceId, time, count, contact }) =>
      invoiceFields({ resourceId, time, number: numbered('INV', count), contact }),
    edit: editInvoice,
  },
  contact: {
    create: ({ resourceId, count }) => contactFields(resourceId, `Contact ${count}`),
    edit: (before, time) => ({
      EmailAddress: `accounts-${stamp(time)}@${String(before['EmailAddress']).split('@').at(-1)}`,
    }),
  },
  creditnote: {
    create: ({ resourceId, time, count, contact }) =>
      creditNoteFields(resourceId, time, numbered('CN', count), contact),
    edit: editReference,
    eventData: () => ({ Type: 'ACCRECCREDIT', Status: 'AUTHORISED' }),
  },
  payment: {
    create: ({ resourceId, time, invoice }) => paymentFields(resourceId, time, invoice),
    edit: (before) => ({ IsReconciled: before['IsReconciled'] !== true }),
  },
  prepayment: {
    create: ({ resourceId, time, count, contact }) =>
      prepaymentFields(resourceId, time, numbered('PRE', count), contact),
    edit: editReference,
    eventData: (dateUtc) => ({ Type: 'RECEIVE-PREPAYMENT', Status: 'AUTHORISED', UpdatedDateUTCString: dateUtc }),
  },
  overpayment: {
    create: ({ resourceId, time, contact }) => overpaymentFields(resourceId, time, contact),
    edit: editReference,
  },
};

/** From draft to paid; from then on only its reference changes. */
function editInvoice(before: Fields, time: number): Fields {
  switch (before['Status']) {
    case 'DRAFT':
      return { Status: 'SUBMITTED' };
    case 'SUBMITTED':
      return { Status: 'AUTHORISED' };
    case 'AUTHORISED':
      return {
        Status: 'PAID',
        AmountPaid: Number(before['AmountPaid']) + Number(before['AmountDue']),
        AmountDue: 0,
        FullyPaidOnDate: jsonDate(time),
      };
    default:
      return { Reference: `P/O ${stamp(time)}` };
  }
}

function stamp(time: number): string {
  return time.toString(36);
}

function numbered(letters: string, count: number): string {
  return `${letters}-${String(count).padStart(4, '0')}`;
}
