import * as v from 'valibot';

/** What `xw itr --json` prints. */
export const itrResult = v.strictObject({
  url: v.string(),
  passed: v.boolean(),
  checks: v.array(
    v.strictObject({
      id: v.string(),
      title: v.string(),
      result: v.picklist(['ok', 'failed', 'warning', 'skipped']),
      found: v.string(),
      fix: v.string(),
      rule: v.string(),
    }),
  ),
});
