import type { RedisClient } from '@xero-webhooks/runtime';
import { commonKeys } from './keys.ts';
import { createReceivedEvents } from './received-events.ts';
import { removeRecords } from './remove-records.ts';

/**
 * Erases all that is on record of an organisation's events.
 *
 * @returns how many records went
 */
export async function forgetRecords(client: RedisClient, prefix: string, tenantId: string): Promise<number> {
  const removed = await removeRecords(client, prefix, tenantId);
  await createReceivedEvents(client, prefix).forget(tenantId);
  await client.zrem(commonKeys(prefix).tenants, tenantId.toLowerCase());
  return removed;
}
