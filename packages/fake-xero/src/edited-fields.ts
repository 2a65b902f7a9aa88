import type { ResourceCategory } from '@xero-webhooks/handlers';
import { jsonDate } from './json-date.ts';
import type { Fields } from './resource-fields.ts';

/**
 * Edits a resource as people do, where nobody says how: in something that shows, and so that its amounts still agree.
 *
 * @param time when, in milliseconds since 1970: no two edits of one resource have the same
 * @returns the fields that change
 */
export function editedFields(category: ResourceCategory, before: Fields, time: number): Fields {
  switch (category) {
    case 'invoice':
      return editedInvoice(before, time);
    case 'contact':
      return { EmailAddress: `accounts-${stamp(time)}@${String(before['EmailAddress']).split('@').at(-1)}` };
    case 'payment':
      return { IsReconciled: before['IsReconciled'] !== true };
    case 'creditnote':
    case 'prepayment':
    case 'overpayment':
      return { Reference: `Ref ${stamp(time)}` };
  }
}

/** It goes on from draft to paid; from then on only its reference changes. */
function editedInvoice(before: Fields, time: number): Fields {
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
