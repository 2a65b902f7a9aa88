import type { Read, ListPage } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import { createAddressReads, MAX_PAUSE_MS } from '@xero-webhooks/xero';
import type { XeroReader } from '@xero-webhooks/xero';
import type { ListName } from './backfill-store.ts';
import type { ListPosition } from './backfill.ts';

/** Reads one page of a list: what has changed since, the oldest first. */
export type ReadList = (
  list: ListName,
  position: ListPosition,
  pageSize: number,
  signal: AbortSignal,
) => Promise<Read<ListPage>>;

export function createReadList(reader: XeroReader): ReadList {
  return ({ tenantId, category }, { after, page }, pageSize, signal) => {
    const { path, archivedField } = RESOURCE_KINDS[category];
    const reads = createAddressReads(reader, (readOptions) => ({ tenantId, readOptions, patienceMs: MAX_PAUSE_MS }));
    const options = {
      modifiedSince: new Date(after),
      order: 'UpdatedDateUTC ASC',
      pageSize,
      ...(archivedField !== undefined && { query: { includeArchived: true } }),
    };
    return reads.page(path, page, options, { signal, onWait: () => () => {} });
  };
}
