import type { JobType } from 'bullmq';
import type { EventQueue } from './open-queue.ts';

/** Ids that are read in one command. */
const IDS_AT_ONCE = 1_000;

/** The ids of all jobs in a set, the newest first. One that moves meanwhile is among them once. */
export async function idsIn(queue: EventQueue, set: JobType): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const more = await queue.getRanges([set], ids.length, ids.length + IDS_AT_ONCE - 1);
    ids.push(...more);
    if (more.length < IDS_AT_ONCE) return [...new Set(ids)];
  }
}
