/** A kind of accounting resource. */
export type ResourceKind = {
  /** Its list in Xero's API, below `/api.xro/2.0/`. */
  readonly path: string;
  /** The field that holds its id. */
  readonly id: string;
  /** The scope that reads it (https://developer.xero.com/documentation/guides/oauth2/scopes). */
  readonly scope: string;
  /** Whether its list takes `page`. Only a page has line items. */
  readonly paged: boolean;
  /** Whether its list takes `IDs`, so that one call reads many. */
  readonly readsManyByIds: boolean;
  /** The field that says `ARCHIVED`, if its list leaves archived ones out unless it is asked for `includeArchived`. */
  readonly archivedField: string | undefined;
};

const COMMON = { paged: true, readsManyByIds: false, archivedField: undefined } as const;

/**
 * The resources that can be read, by event category in lower case. CONTRIBUTING.md says what else a new category needs.
 */
export const RESOURCE_KINDS = {
  invoice: {
    ...COMMON,
    path: 'Invoices',
    id: 'InvoiceID',
    scope: 'accounting.invoices.read',
    readsManyByIds: true,
  },
  creditnote: { ...COMMON, path: 'CreditNotes', id: 'CreditNoteID', scope: 'accounting.invoices.read' },
  payment: { ...COMMON, path: 'Payments', id: 'PaymentID', scope: 'accounting.payments.read' },
  prepayment: { ...COMMON, path: 'Prepayments', id: 'PrepaymentID', scope: 'accounting.payments.read' },
  overpayment: { ...COMMON, path: 'Overpayments', id: 'OverpaymentID', scope: 'accounting.payments.read' },
  contact: {
    ...COMMON,
    path: 'Contacts',
    id: 'ContactID',
    scope: 'accounting.contacts.read',
    readsManyByIds: true,
    archivedField: 'ContactStatus',
  },
} as const satisfies Readonly<Record<string, ResourceKind>>;

export type ResourceCategory = keyof typeof RESOURCE_KINDS;

export const RESOURCE_CATEGORIES = Object.keys(RESOURCE_KINDS) as readonly ResourceCategory[];

/** The scopes that read all of them. */
export const READ_SCOPES: readonly string[] = [...new Set(Object.values(RESOURCE_KINDS).map(({ scope }) => scope))];

export function isResourceCategory(word: unknown): word is ResourceCategory {
  return typeof word === 'string' && Object.hasOwn(RESOURCE_KINDS, word);
}
