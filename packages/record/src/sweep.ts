import type { RedisClient } from '@xero-webhooks/runtime';
import { commonKeys, tenantKeys } from './keys.ts';
import { removeRecords } from './remove-records.ts';

export type SweepOptions = {
  client: RedisClient;
  prefix: string;
  /** Records are kept this long, in milliseconds. */
  retentionMs: number;
  /** At most this many records are kept. */
  maxRecords: number;
  /** Whether Redis is nearly full: then a quarter of all records goes, the oldest. */
  isNearlyFull: boolean;
  /** When the oldest event was enqueued that no worker has had yet, in milliseconds since 1970. */
  oldestWaiting: number | undefined;
  /** In milliseconds since 1970. @defaultValue now */
  now?: number;
};

/** Share of the records that stays where Redis is nearly full. */
const KEPT_WHERE_FULL = 0.75;

/** An organisation without records leaves the list after this long without a new event, in milliseconds. */
const FORGET_TENANT_MS = 86_400_000;

/**
 * An event stays in the stream of received events for this long, in milliseconds, also where it was handled: some that
 * were taken at once are still at work.
 */
const KEEP_RECEIVED_MS = 600_000;

/**
 * Removes what the bounds of the record do not allow: what is too old, and the oldest of too many.
 *
 * @returns how many records went
 */
export async function sweepRecords(options: SweepOptions): Promise<number> {
  const { client, prefix, oldestWaiting, now = Date.now() } = options;
  const keys = commonKeys(prefix);
  const keepFrom = Math.floor(Math.min(oldestWaiting ?? now, now - KEEP_RECEIVED_MS));
  await client.xtrim(keys.received, 'MINID', Math.max(0, keepFrom));

  const tenants = await client.zrange(keys.tenants, '0', '-1');
  const cutoff = await cutoffOf(tenants, now, options);
  let removed = 0;
  for (const tenantId of tenants) {
    removed += await removeRecords(client, prefix, tenantId, cutoff);
    if ((await client.exists(tenantKeys(prefix, tenantId).times)) > 0) continue;
    const seen = Number(await client.zscore(keys.tenants, tenantId));
    if (seen < now - FORGET_TENANT_MS) await client.zrem(keys.tenants, tenantId);
  }
  return removed;
}

/** The time up to which records go. */
async function cutoffOf(tenants: readonly string[], now: number, options: SweepOptions): Promise<number> {
  const { client, prefix, retentionMs, maxRecords, isNearlyFull } = options;
  const keptFrom = async (time: number): Promise<number> => {
    const counts = tenants.map((tenantId) => client.zcount(tenantKeys(prefix, tenantId).times, `(${time}`, '+inf'));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };

  let tooOld = now - retentionMs;
  const kept = await keptFrom(tooOld);
  const bound = isNearlyFull ? Math.floor(kept * KEPT_WHERE_FULL) : maxRecords;
  if (kept <= bound) return tooOld;
  // Between two times of which the later one leaves few enough.
  let fewEnough = now;
  while (fewEnough - tooOld > 1) {
    const middle = Math.floor((tooOld + fewEnough) / 2);
    if ((await keptFrom(middle)) <= bound) fewEnough = middle;
    else tooOld = middle;
  }
  return fewEnough;
}
