/**
 * One change that Xero reports, with the fields as Xero sent them. Five of them are always there and readable
 * (see `readEvent`); the others, and any that Xero may add, are passed on unchecked.
 *
 * Source: `xero-webhooks.yaml` of https://github.com/XeroAPI/Xero-OpenAPI.
 */
export type XeroEvent = {
  /** The changed resource, usually a GUID. Which kind it is of, `eventCategory` tells. */
  readonly resourceId: string;
  /** The organisation that the resource belongs to. */
  readonly tenantId: string;
  /** `INVOICE`, `CONTACT`, `CREDITNOTE`, … Xero adds categories without notice; compare without case. */
  readonly eventCategory: string;
  /** `CREATE` or `UPDATE`, today. Compare without case. */
  readonly eventType: string;
  /** When it changed, in UTC whether or not a `Z` ends it, with no to seven fraction digits. */
  readonly eventDateUtc: string;
  readonly tenantType?: string;
  /** Where Xero says the resource is. Never follow it: build the address from category and `resourceId`. */
  readonly resourceUrl?: string;
  /** Sent with the newer categories, for example `{ Type: 'ACCPAYCREDIT', Status: 'DRAFT' }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
};
