import type { Task } from '@xero-webhooks/queue';
import type { ListName } from './backfill-store.ts';

/** What a worker is to do for a backfill: count what one list has, or read it. */
export type BackfillTask = ListName & { readonly backfill: string };

/** The name of the queue of these tasks. */
export const BACKFILL_TASKS = 'backfill';

/** Each is there once, however often it is added. */
export function taskOf(name: 'count' | 'read', backfill: string, { tenantId, category }: ListName): Task<BackfillTask> {
  return { id: `${backfill}.${name}.${tenantId}.${category}`, name, data: { backfill, tenantId, category } };
}
