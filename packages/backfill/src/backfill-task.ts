import type { Task } from '@xero-webhooks/queue';
import type { ListName } from './backfill-store.ts';

/** What a worker is to do for a backfill: count what one list has, or read it. */
export type ListTask = ListName & { readonly backfill: string };

/** Besides, and with nothing to say of it: see whether it is time to reconcile, or a gap is old enough. */
export type BackfillTask = ListTask | Readonly<Record<string, never>>;

export const RECONCILE_TASK: Task<BackfillTask> = { id: 'reconcile', name: 'reconcile', data: {} };
export const GAPS_TASK: Task<BackfillTask> = { id: 'gaps', name: 'gaps', data: {} };

/** The name of the queue of these tasks. */
export const BACKFILL_TASKS = 'backfill';

/** Each is there once, however often it is added. */
export function taskOf(name: 'count' | 'read', backfill: string, { tenantId, category }: ListName): Task<BackfillTask> {
  return { id: `${backfill}.${name}.${tenantId}.${category}`, name, data: { backfill, tenantId, category } };
}
