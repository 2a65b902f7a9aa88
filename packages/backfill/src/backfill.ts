import type { ResourceCategory } from '@xero-webhooks/handlers';

/** A backfill: what it looks for, and how far it has come. Times are in milliseconds since 1970. */
export type Backfill = {
  readonly id: string;
  readonly kind: BackfillKind;
  /** The span in which a resource has to have changed last. */
  readonly since: number;
  readonly until: number;
  /** Who asked for it. */
  readonly by: string;
  readonly createdAt: number;
  /** `planned`: it is only counted what there is. */
  readonly state: BackfillState;
  readonly lists: readonly BackfillList[];
};

/** Why there is one. `reconcile`: it is time again, by RECONCILE_INTERVAL_S; `gap`: events are missing in Xero's numbering. */
export type BackfillKind = 'backfill' | 'reconcile' | 'gap';

export type BackfillState = 'planned' | 'started' | 'stopped';

/** One kind of resource of one organisation. */
export type BackfillList = {
  readonly tenantId: string;
  readonly category: ResourceCategory;
  readonly state: 'counting' | 'counted' | 'reading' | 'done' | 'failed';
  /** How many have changed since; `undefined` as long as it is not known, or Xero does not say. */
  readonly found: number | undefined;
  /** Calls that were made for it. */
  readonly calls: number;
  /** Resources that were read, and what they came to: an event each, or one that was known. */
  readonly read: number;
  readonly added: number;
  readonly known: number;
  /** Where to go on. */
  readonly position: ListPosition;
  /** Why it waits, or has failed. */
  readonly trouble: string | undefined;
};

/**
 * What was read up to: all that changed before `after`, of what changed at that moment the resources in `read`, and of what
 * changed since, the pages before `page`.
 */
export type ListPosition = { readonly after: number; readonly read: readonly string[]; readonly page: number };

/** The most that Xero gives with one call. */
export const PAGE_SIZE = 1_000;
