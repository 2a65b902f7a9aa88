import type { RedisClient } from '@xero-webhooks/runtime';
import type { XeroLimit } from '../api/limit-headers.ts';
import { limitsKey } from './budget.ts';

/** How an organisation stands within Xero's limits. */
export type BudgetState = {
  /** Calls of this system today (UTC). */
  readonly callsToday: number;
  /** What Xero last said was left of its day, less the calls since; `undefined` where it said nothing lately. */
  readonly leftToday: number | undefined;
  /** Until when no call may go, in milliseconds since 1970, and why; `undefined` if one may go now. */
  readonly blocked: { readonly until: number; readonly limit: XeroLimit | 'outage' } | undefined;
};

/** Reads how an organisation stands within Xero's limits, without asking for a call. */
export async function readBudgetState(
  client: RedisClient,
  prefix: string,
  tenantId: string,
  limits: { readonly perDay: number; readonly dayReserve: number },
  now: number,
): Promise<BudgetState> {
  const known = await client.hgetall(limitsKey(prefix, tenantId));
  const number = (field: string): number => Number(known[field] ?? 0);
  const day = Math.floor(now / DAY_MS);
  const midnight = (day + 1) * DAY_MS;
  const callsToday = number('day') === day ? number('used') : 0;
  const leftToday = number('dayLeftUntil') > now ? number('dayLeft') : undefined;
  // As acquire.lua decides: of all that makes a call wait, what takes longest counts.
  const waits = [
    { until: number('blockedUntil'), limit: (known['blockedBy'] ?? 'minute') as XeroLimit | 'outage' },
    ...(number('outages') > 0 ? [{ until: number('probeUntil'), limit: 'outage' as const }] : []),
    ...(callsToday + limits.dayReserve >= limits.perDay ? [{ until: midnight, limit: 'day' as const }] : []),
    ...(leftToday !== undefined && leftToday <= limits.dayReserve
      ? [{ until: number('dayLeftUntil'), limit: 'day' as const }]
      : []),
  ];
  const [blocked] = waits.filter(({ until }) => until > now).toSorted((a, b) => b.until - a.until);
  return { callsToday, leftToday, blocked };
}

const DAY_MS = 86_400_000;
