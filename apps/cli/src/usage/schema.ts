import * as v from 'valibot';

/** What `xw usage --json` prints. `left`: the calls that Xero last said were left of the day; null where it said nothing. */
export const usageResult = v.strictObject({
  day: v.pipe(v.string(), v.isoDate()),
  organisations: v.array(
    v.strictObject({ tenantId: v.string(), calls: v.number(), bytes: v.number(), left: v.nullable(v.number()) }),
  ),
});

export type UsageJson = v.InferOutput<typeof usageResult>;
