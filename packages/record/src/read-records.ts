import type { RedisClient } from '@xero-webhooks/runtime';
import type { EventRecord } from './event-record.ts';
import { tenantKeys } from './keys.ts';
import { parseRecord } from './record-text.ts';

/** Which record: one event of one organisation. */
export type RecordId = { readonly tenantId: string; readonly jobId: string };

/** Records that are read in one command: Redis does nothing else meanwhile. */
const RECORDS_AT_ONCE = 500;

/** Reads records; those that are not there are left out. */
export async function readRecords(
  client: RedisClient,
  prefix: string,
  ids: readonly RecordId[],
): Promise<EventRecord[]> {
  const groups = [...Map.groupBy(ids, ({ tenantId }) => tenantId)].flatMap(([tenantId, group]) =>
    Array.from({ length: Math.ceil(group.length / RECORDS_AT_ONCE) }, (_, index) => ({
      tenantId,
      jobIds: group.slice(index * RECORDS_AT_ONCE, (index + 1) * RECORDS_AT_ONCE).map(({ jobId }) => jobId),
    })),
  );
  const records = await Promise.all(
    groups.map(async ({ tenantId, jobIds }) => {
      const texts = await client.mget(jobIds.map(tenantKeys(prefix, tenantId).record));
      return texts.map((text, index) => (text === null ? undefined : parseRecord(tenantId, jobIds[index]!, text)));
    }),
  );
  return records.flat().filter((record) => record !== undefined);
}
