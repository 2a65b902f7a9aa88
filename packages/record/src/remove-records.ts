import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { tenantKeys } from './keys.ts';

/** Records that one script removes: Redis does nothing else meanwhile. */
const RECORDS_AT_ONCE = 200;

/**
 * Removes an organisation's records, the oldest first. Cut off in between, it goes on when it is called again.
 *
 * @param until removes those that were received until then, in milliseconds since 1970
 * @returns how many went
 */
export async function removeRecords(
  client: RedisClient,
  prefix: string,
  tenantId: string,
  until = Infinity,
): Promise<number> {
  const remove = bindScript(client, new URL('remove-records.lua', import.meta.url));
  const { root, times } = tenantKeys(prefix, tenantId);
  const max = until === Infinity ? '+inf' : String(until);
  for (let removed = 0; ;) {
    const jobIds = await client.zrange(times, '-inf', max, 'BYSCORE', 'LIMIT', 0, RECORDS_AT_ONCE);
    if (jobIds.length === 0) return removed;
    await remove([root], jobIds);
    removed += jobIds.length;
  }
}
