import type { QueueRedis } from '@xero-webhooks/queue';
import { forgetGaps, goesOn, readSequences } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { Backfills } from './backfills.ts';

type Options = {
  readonly redis: Pick<QueueRedis, 'client' | 'prefix'>;
  readonly backfills: Backfills;
  /** GAP_BACKFILL_S in milliseconds; 0 for never. */
  readonly afterMs: number;
  /** Finds the organisations that can be read. */
  readonly organisations: () => Promise<readonly string[]>;
  readonly log: Log;
};

/** Events are told of later than what they tell of, in milliseconds. */
const MARGIN_MS = 600_000;

/** At most one in so many milliseconds: numbers that were believed wrongly must not use up calls. */
const APART_MS = 3_600_000;

/**
 * Backfills the time in which numbers of Xero's events are missing, where the numbers go on from one request to the next
 * and the gap does not close by itself. The numbers do not tell of which organisation the events were, so all are read.
 *
 * @returns a function that begins one if there is such a gap
 */
export function createFillGaps({ redis, backfills, afterMs, organisations, log }: Options): () => Promise<void> {
  const { client, prefix } = redis;
  const lastKey = `${prefix}:{backfill}:filled`;

  return async () => {
    if (afterMs === 0) return;
    for (const state of await readSequences(client, prefix)) {
      const now = Date.now();
      const old = state.gaps.filter(({ found }) => now - found >= afterMs);
      if (old.length === 0) continue;
      if (!goesOn(state)) {
        await forgetGaps(client, prefix, state.mark, old);
        continue;
      }
      if (now - Number((await client.get(lastKey)) ?? 0) < APART_MS) return;
      const tenantIds = await organisations();
      if (tenantIds.length === 0) return;
      const since = Math.min(...old.map(({ before }) => before)) - MARGIN_MS;
      const until = Math.max(...old.map(({ found }) => found));
      const run = await backfills.begin('gap', { since, until, tenantIds, categories: RESOURCE_CATEGORIES });
      await client.set(lastKey, now);
      await forgetGaps(client, prefix, state.mark, old);
      const missing = old.reduce((sum, { first, last }) => sum + last - first + 1, 0);
      log.warn(
        { run, missing, organisations: tenantIds.length },
        "events are missing in Xero's numbering: reading what changed",
      );
    }
  };
}
