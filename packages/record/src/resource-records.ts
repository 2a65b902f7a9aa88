import type { RedisClient } from '@xero-webhooks/runtime';
import type { EventRecord } from './event-record.ts';
import { tenantKeys } from './keys.ts';
import { readRecords } from './read-records.ts';

/** The newest events of each resource that are read: older ones say nothing of how it stands. */
const NEWEST_OF_RESOURCE = 50;

/** Resources that are asked for in one command. */
const RESOURCES_TOGETHER = 200;

/** Reads what became of the newest events of some resources of an organisation. */
export async function readResourceRecords(
  client: RedisClient,
  prefix: string,
  tenantId: string,
  resourceIds: readonly string[],
): Promise<EventRecord[]> {
  const tenant = tenantId.toLowerCase();
  const keyOf = tenantKeys(prefix, tenant).resource;
  const records: EventRecord[] = [];
  for (let at = 0; at < resourceIds.length; at += RESOURCES_TOGETHER) {
    const lists = await client.mget(resourceIds.slice(at, at + RESOURCES_TOGETHER).map(keyOf));
    const jobIds = lists.flatMap((list) => (list ?? '').split('\n').slice(-NEWEST_OF_RESOURCE - 1, -1));
    records.push(
      ...(await readRecords(
        client,
        prefix,
        jobIds.map((jobId) => ({ tenantId: tenant, jobId })),
      )),
    );
  }
  return records;
}
