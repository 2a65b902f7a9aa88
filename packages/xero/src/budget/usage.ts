import type { RedisClient } from '@xero-webhooks/runtime';
import { USAGE_KEPT_DAYS, usageKey } from './budget.ts';

/** What one organisation's reads have cost in a day. */
export type ApiUsage = {
  /** In lower case. */
  readonly tenantId: string;
  readonly calls: number;
  /** Of answers: Xero bills them. */
  readonly bytes: number;
  /** How many calls Xero said were left in its day, at the last of them. */
  readonly left: number | undefined;
};

/**
 * Reads what all organisations have used in a day (UTC), those with the most calls first. Days are kept for a week.
 *
 * @param day any time of that day
 */
export async function readApiUsage(client: RedisClient, prefix: string, day: Date): Promise<ApiUsage[]> {
  const fields = await client.hgetall(usageKey(prefix, day));
  const tenantIds = new Set(Object.keys(fields).map((field) => field.split(' ', 1)[0]!));
  const uses = [...tenantIds].map((tenantId): ApiUsage => {
    const left = fields[`${tenantId} left`];
    return {
      tenantId,
      calls: Number(fields[`${tenantId} calls`] ?? 0),
      bytes: Number(fields[`${tenantId} bytes`] ?? 0),
      left: left === undefined ? undefined : Number(left),
    };
  });
  return uses.toSorted((a, b) => b.calls - a.calls);
}

/** Forgets what an organisation has used, on all days that are kept. */
export async function forgetApiUsage(client: RedisClient, prefix: string, tenantId: string): Promise<void> {
  const id = tenantId.toLowerCase();
  const now = Date.now();
  // One more day than is kept: a key lives on from its last call.
  const days = Array.from({ length: USAGE_KEPT_DAYS + 2 }, (_, ago) => new Date(now - ago * 86_400_000));
  await Promise.all(days.map((day) => client.hdel(usageKey(prefix, day), `${id} calls`, `${id} bytes`, `${id} left`)));
}
