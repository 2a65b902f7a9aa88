import type { ResourceOfPath, UnknownResource } from './resource.ts';

/** What all lists support (https://developer.xero.com/documentation/api/accounting/requests-and-responses). */
export type ListOptions = {
  /** Only what has changed since. Xero ignores a few kinds of change, such as the due date of a part-paid invoice. */
  readonly modifiedSince?: Date;
  /** Xero's filter, for example `Type=="ACCREC" AND AmountDue>0`. */
  readonly where?: string;
  /** For example `UpdatedDateUTC DESC`. */
  readonly order?: string;
  /** Items per call, from 1 to 1000. @defaultValue 100 */
  readonly pageSize?: number;
  /** Other parameters of the list, for example `{ Statuses: 'AUTHORISED,PAID' }`. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
};

/**
 * Reads from the event's organisation, within the same limits as everything else: a call that has to wait for long parks the
 * handler, which runs again later. Errors have a `code` (`XW_XERO_…`) and the `status` that Xero answered.
 */
export type XeroClient = {
  /**
   * Reads one address.
   *
   * @param path below `/api.xro/2.0/`, for example `Organisation` or `Invoices/<id>`
   * @returns the answer's JSON, its dates as `Date`
   */
  get<Answer = UnknownResource>(
    path: string,
    query?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<Answer>;
  /**
   * Reads a list, page by page as you iterate.
   *
   * @param path for example `Invoices`
   */
  list<Path extends keyof ResourceOfPath>(path: Path, options?: ListOptions): AsyncIterable<ResourceOfPath[Path]>;
  list(path: string, options?: ListOptions): AsyncIterable<UnknownResource>;
};
