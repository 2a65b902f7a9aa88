import type { QueueRedis } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { Backfills } from './backfills.ts';
import { sumOf } from './sum-of.ts';

type Options = {
  readonly redis: Pick<QueueRedis, 'client' | 'prefix'>;
  readonly backfills: Backfills;
  /** RECONCILE_INTERVAL_S in milliseconds; `undefined` for never. */
  readonly intervalMs: number | undefined;
  /** Finds the organisations that can be read. */
  readonly organisations: () => Promise<readonly string[]>;
  readonly log: Log;
};

/** What a webhook tells of may come this much later, in milliseconds: it was not missed yet. */
const LATE_MS = 600_000;

/** The last one: until when it looked, and its id. */
type Last = { readonly until: number; readonly run: string };

/**
 * Reads what has changed in Xero since the last time, to compare it with what came by webhook. Spans follow each other
 * without a gap.
 *
 * @returns a function that begins one if it is time
 */
export function createReconcile({ redis, backfills, intervalMs, organisations, log }: Options): () => Promise<void> {
  const { client, prefix } = redis;
  const key = `${prefix}:{backfill}:reconciled`;

  /** Whether the last one is over, or somebody has stopped it: otherwise limits leave no time for another. */
  async function isOver(run: string): Promise<boolean> {
    const backfill = await backfills.read(run);
    return !backfill || ['done', 'failed', 'stopped'].includes(sumOf(backfill).state);
  }

  return async () => {
    if (intervalMs === undefined) return;
    const text = await client.get(key);
    const last = text === null ? undefined : (JSON.parse(text) as Last);
    const until = Date.now() - LATE_MS;
    // A process that starts has it scheduled anew, which may be too early.
    if (last && (until - last.until < intervalMs / 2 || !(await isOver(last.run)))) return;
    const since = last?.until ?? until - intervalMs;
    const tenantIds = await organisations();
    if (tenantIds.length === 0) return;
    const run = await backfills.begin('reconcile', { since, until, tenantIds, categories: RESOURCE_CATEGORIES });
    await client.set(key, JSON.stringify({ until, run } satisfies Last));
    log.info({ run, organisations: tenantIds.length, since: new Date(since).toISOString() }, 'reconciling');
  };
}
