import { shardOf } from './names.ts';
import type { EventQueue } from './open-queue.ts';

/** Counts the events that wait behind those of others, in the queue that an organisation's events go to. */
export function createBacklog(queues: readonly EventQueue[]): (tenantId: string) => Promise<number> {
  return (tenantId) => queues[shardOf(tenantId, queues.length)]!.getPrioritizedCount();
}
