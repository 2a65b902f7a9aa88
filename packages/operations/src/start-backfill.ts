import type { Backfill, Backfills } from '@xero-webhooks/backfill';
import { sumOf } from '@xero-webhooks/backfill';
import type { QueueRedis } from '@xero-webhooks/queue';
import { createOperationLog } from './operation-log.ts';

type Options = {
  readonly redis: Pick<QueueRedis, 'client' | 'prefix'>;
  readonly backfills: Backfills;
  readonly by: string;
};

/** Starts a backfill that is planned, or goes on with one that was stopped, and leaves a trace of who did. */
export async function startBackfill({ redis, backfills, by }: Options, backfill: Backfill): Promise<void> {
  await backfills.start(backfill);
  const filter = `since ${new Date(backfill.since).toISOString()}, run ${backfill.id}`;
  const operation = { at: Date.now(), by, action: 'backfill', filter, count: sumOf(backfill).found };
  await createOperationLog(redis.client, redis.prefix).add(operation);
}
