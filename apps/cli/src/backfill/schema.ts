import * as v from 'valibot';

const time = v.pipe(v.string(), v.isoTimestamp());

/**
 * What `xw backfill --json` prints. `found`: resources that have changed; `unknown`: lists of which Xero does not say how
 * much they have; `callsLeft`: what the rest takes, as far as it is known; `added` and `known`: what became an event, and
 * what needed none.
 */
export const backfillResult = v.strictObject({
  run: v.string(),
  state: v.picklist(['counting', 'planned', 'reading', 'stopped', 'done', 'failed']),
  since: time,
  until: time,
  organisations: v.number(),
  found: v.number(),
  unknown: v.number(),
  calls: v.number(),
  callsLeft: v.number(),
  read: v.number(),
  added: v.number(),
  known: v.number(),
  troubles: v.array(
    v.strictObject({ tenantId: v.string(), category: v.string(), state: v.string(), trouble: v.string() }),
  ),
});

export type BackfillJson = v.InferOutput<typeof backfillResult>;
