import type { QueueRedis } from '@xero-webhooks/queue';
import { readApiUsage } from '@xero-webhooks/xero';

const DAYS = 8;
const DAY_MS = 86_400_000;

/** How many calls each organisation has used on the last days, the oldest first. */
export async function readUsageByDay({ client, prefix }: QueueRedis): Promise<ReadonlyMap<string, readonly number[]>> {
  const now = Date.now();
  const days = Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - 1 - index) * DAY_MS));
  const uses = await Promise.all(days.map((day) => readApiUsage(client, prefix, day)));
  const byTenant = new Map<string, number[]>();
  for (const [day, all] of uses.entries()) {
    for (const { tenantId, calls } of all) {
      const counts = byTenant.get(tenantId) ?? Array<number>(DAYS).fill(0);
      counts[day] = calls;
      byTenant.set(tenantId, counts);
    }
  }
  return byTenant;
}
