import { MAX_SHARDS } from '@xero-webhooks/runtime';
import type { EventJobData } from './event-job.ts';
import type { EventQueue } from './open-queue.ts';
import { idsIn } from './ids-in.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';

/** `active`: events that a worker has right now; they stay. */
export type RemovedJobs = { readonly removed: number; readonly active: number };

type Options = {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with how many jobs have been looked at. */
  readonly onProgress?: ((lookedAt: number) => void) | undefined;
};

/** Where a job can be; what is not `active` no worker has. */
const SETS = ['wait', 'prioritized', 'delayed', 'failed', 'completed', 'active'] as const;

/** Jobs whose data is read together. */
const JOBS_AT_ONCE = 100;

/** How many jobs an organisation has, in every queue. */
export async function countTenantJobs(redis: QueueRedis, tenantId: string): Promise<number> {
  let count = 0;
  for await (const { ids } of findTenantJobs(redis, tenantId)) count += ids.length;
  return count;
}

/**
 * Removes the jobs of an organisation from every queue, also from those that no worker reads. Cut off in between, it does
 * the rest when it is called again.
 */
export async function removeTenantJobs(
  redis: QueueRedis,
  tenantId: string,
  options: Options = {},
): Promise<RemovedJobs> {
  const counts = { removed: 0, active: 0 };
  for await (const { queue, set, ids } of findTenantJobs(redis, tenantId, options)) {
    if (set === 'active') counts.active += ids.length;
    else for (const outcome of await Promise.all(ids.map((id) => remove(queue, id)))) counts[outcome]++;
  }
  return counts;
}

type FoundJobs = { readonly queue: EventQueue; readonly set: (typeof SETS)[number]; readonly ids: readonly string[] };

/** Finds jobs in batches, those at work last: what a worker takes meanwhile is among these. */
async function* findTenantJobs(
  redis: QueueRedis,
  tenantId: string,
  { signal, onProgress = () => {} }: Options = {},
): AsyncGenerator<FoundJobs> {
  let lookedAt = 0;
  for (let shard = 0; shard < MAX_SHARDS; shard++) {
    const queue = openQueue(redis, shard);
    try {
      for (const set of SETS) {
        for (const ids of inGroups(await idsIn(queue, set))) {
          if (signal?.aborted) return;
          yield { queue, set, ids: await jobsOf(redis, queue, ids, tenantId.toLowerCase()) };
          onProgress((lookedAt += ids.length));
        }
      }
    } finally {
      await queue.close();
    }
  }
}

function inGroups(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / JOBS_AT_ONCE) }, (_, group) =>
    ids.slice(group * JOBS_AT_ONCE, (group + 1) * JOBS_AT_ONCE),
  );
}

/** Those of the jobs that are events of an organisation, whatever release wrote them. */
async function jobsOf(
  { client }: QueueRedis,
  queue: EventQueue,
  ids: readonly string[],
  tenantId: string,
): Promise<string[]> {
  const texts = await Promise.all(ids.map((id) => client.hget(queue.toKey(id), 'data')));
  return ids.filter((_, index) => tenantIn(texts[index] ?? '') === tenantId);
}

function tenantIn(text: string): string | undefined {
  try {
    const { event } = JSON.parse(text) as Partial<EventJobData>;
    return event?.tenantId.toLowerCase();
  } catch {
    return undefined;
  }
}

/** A worker may take it at the same moment: then it cannot be removed. */
async function remove(queue: EventQueue, id: string): Promise<'removed' | 'active'> {
  const job = await queue.getJob(id);
  try {
    await job?.remove();
    return 'removed';
  } catch (error) {
    if (await job!.isActive()) return 'active';
    throw error;
  }
}
