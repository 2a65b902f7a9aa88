import * as v from 'valibot';

/** What `xw doctor --json` prints. The exit code is 1 where a finding is a `problem`. */
export const doctorResult = v.strictObject({
  healthy: v.boolean(),
  findings: v.array(
    v.strictObject({
      area: v.picklist(['configuration', 'redis', 'clock', 'queues', 'workers', 'organisations', 'xero']),
      result: v.picklist(['ok', 'problem', 'warning', 'unknown']),
      found: v.string(),
      remedy: v.string(),
    }),
  ),
});

export type DoctorJson = v.InferOutput<typeof doctorResult>;
