/**
 * The fields of Xero's API that hold a date, at any depth. Both the resource types and the parser of Xero's answers use this
 * list, so that a field is a `Date` in both or in neither.
 */
const DATE_FIELDS = [
  'CreatedDateUTC',
  'Date',
  'DateOfBirth',
  'DateTimeUTC',
  'DateUTC',
  'DeliveryDate',
  'DueDate',
  'EndDate',
  'EndOfYearLockDate',
  'ExpectedArrivalDate',
  'ExpectedPaymentDate',
  'ExpiryDate',
  'FullyPaidOnDate',
  'JournalDate',
  'NextScheduledDate',
  'PeriodLockDate',
  'PlannedPaymentDate',
  'StartDate',
  'UpdatedDateUTC',
] as const;

export type DateField = (typeof DATE_FIELDS)[number];

/** Fields that hold dates; each may be missing. */
export type Dates<Name extends DateField> = { readonly [field in Name]?: Date };

const NAMES: ReadonlySet<string> = new Set(DATE_FIELDS);

/** How Xero names date fields that are not listed. Dates that it sends as text end in `DateString`. */
const CONVENTION = /Date(?:Time)?(?:UTC)?$/;

export function isDateField(name: string): boolean {
  return NAMES.has(name) || CONVENTION.test(name);
}
