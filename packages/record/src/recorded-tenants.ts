import type { RedisClient } from '@xero-webhooks/runtime';
import { commonKeys, tenantKeys } from './keys.ts';

/** The organisations that have records, and when each last had a new event, in milliseconds since 1970. */
export async function listRecordedTenants(client: RedisClient, prefix: string): Promise<[string, number][]> {
  const flat = await client.zrange(commonKeys(prefix).tenants, '0', '-1', 'REV', 'WITHSCORES');
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2]!, Number(flat[at * 2 + 1])]);
}

/** How many events of an organisation are on record. */
export async function countRecords(client: RedisClient, prefix: string, tenantId: string): Promise<number> {
  return client.zcard(tenantKeys(prefix, tenantId).times);
}
