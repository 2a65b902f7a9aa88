/**
 * One change that Xero reports, with the fields as Xero sent them. Five of them are always present and valid
 * (see `readEvent`); the others, and any that Xero may add, are passed on unchecked.
 *
 * Source: `xero-webhooks.yaml` of https://github.com/XeroAPI/Xero-OpenAPI.
 */
export type XeroEvent = {
  /** Id of the changed resource, usually a GUID. `eventCategory` tells its kind. */
  readonly resourceId: string;
  /** The organisation that the resource belongs to. */
  readonly tenantId: string;
  /** `INVOICE`, `CONTACT`, `CREDITNOTE`, … Xero adds categories without notice; compare without case. */
  readonly eventCategory: string;
  /** `CREATE` or `UPDATE`, today. Compare without case. */
  readonly eventType: string;
  /** When it changed, in UTC with or without a final `Z`, with zero to seven fraction digits. */
  readonly eventDateUtc: string;
  readonly tenantType?: string;
  /** Where Xero says the resource is. Never request it: build the address from category and `resourceId`. */
  readonly resourceUrl?: string;
  /** Sent with the newer categories, for example `{ Type: 'ACCPAYCREDIT', Status: 'DRAFT' }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
};
