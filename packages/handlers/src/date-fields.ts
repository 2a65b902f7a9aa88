/**
 * The fields that hold a date in what Xero's API answers, wherever they stand. The types of resources take their dates from
 * here, and so does what reads Xero's answers: a field is a `Date` in both or in neither.
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

/** The name of a field that holds a date. */
export type DateField = (typeof DATE_FIELDS)[number];

/** Fields that hold dates; each may be missing. */
export type Dates<Name extends DateField> = { readonly [field in Name]?: Date };

const NAMES: ReadonlySet<string> = new Set(DATE_FIELDS);

/** How Xero names the dates of fields that nobody has listed. What it also writes as text ends in `DateString`. */
const CONVENTION = /Date(?:Time)?(?:UTC)?$/;

/** Whether a field of this name holds a date. */
export function isDateField(name: string): boolean {
  return NAMES.has(name) || CONVENTION.test(name);
}
