import type { RedisClient } from '@xero-webhooks/runtime';
import { createSharedAlerts } from './alerts/alert-store.ts';
import type { OpenAlert } from './alerts/compare-alerts.ts';
import { WATCHED } from './watched.ts';

/** The alerts that were raised for all and are not over, the oldest first. Those of an ingress are in its memory. */
export async function listAlerts(client: RedisClient, prefix: string): Promise<OpenAlert[]> {
  const lists = await Promise.all(WATCHED.map((what) => createSharedAlerts(client, prefix, what).list()));
  return lists
    .flat()
    .filter(({ postedAt }) => postedAt !== undefined)
    .toSorted((a, b) => a.since - b.since);
}
