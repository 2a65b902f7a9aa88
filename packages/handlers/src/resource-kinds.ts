/** The resources that can be read, by the word that stands for each in an event's name. */
export const RESOURCE_KINDS = {
  invoice: { path: 'Invoices', id: 'InvoiceID', readsManyByIds: true },
  contact: { path: 'Contacts', id: 'ContactID', readsManyByIds: true },
  creditnote: { path: 'CreditNotes', id: 'CreditNoteID', readsManyByIds: false },
  payment: { path: 'Payments', id: 'PaymentID', readsManyByIds: false },
  prepayment: { path: 'Prepayments', id: 'PrepaymentID', readsManyByIds: false },
  overpayment: { path: 'Overpayments', id: 'OverpaymentID', readsManyByIds: false },
} as const;

export type ResourceCategory = keyof typeof RESOURCE_KINDS;

export type ResourceKind = (typeof RESOURCE_KINDS)[ResourceCategory];

export const RESOURCE_CATEGORIES = Object.keys(RESOURCE_KINDS) as readonly ResourceCategory[];

export function isResourceCategory(word: unknown): word is ResourceCategory {
  return typeof word === 'string' && Object.hasOwn(RESOURCE_KINDS, word);
}
