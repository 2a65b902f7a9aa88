import * as v from 'valibot';

/** What `xw alerts --json` prints. `subject`: the handler or organisation, where there is an alert of each. */
export const alertsResult = v.strictObject({
  alerts: v.array(
    v.strictObject({
      alert: v.string(),
      subject: v.string(),
      text: v.string(),
      since: v.pipe(v.string(), v.isoTimestamp()),
    }),
  ),
});

export type AlertsJson = v.InferOutput<typeof alertsResult>;

/** What `xw alerts --test --json` prints. */
export const alertTestResult = v.strictObject({ posted: v.literal(true) });

export type AlertTestJson = v.InferOutput<typeof alertTestResult>;
