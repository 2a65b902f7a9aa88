import * as v from 'valibot';

const time = v.pipe(v.string(), v.isoTimestamp());

/** What is null is not known: the job has no payload that this release reads. */
export const storedEventResult = v.strictObject({
  key: v.string(),
  event: v.string(),
  tenantId: v.nullable(v.string()),
  resourceId: v.nullable(v.string()),
  receivedAt: v.nullable(time),
  at: time,
  reason: v.string(),
  handlers: v.array(
    v.variant('state', [
      v.strictObject({ handler: v.string(), state: v.literal('succeeded') }),
      v.strictObject({ handler: v.string(), state: v.literal('dead'), failures: v.number(), reason: v.string() }),
      v.strictObject({
        handler: v.string(),
        state: v.literal('waiting'),
        failures: v.number(),
        reason: v.string(),
        dueAt: time,
      }),
    ]),
  ),
});

const group = v.strictObject({ value: v.string(), count: v.number(), latestAt: time });

/**
 * What `xw failed list --json` and `xw delayed list --json` print, the second with `--group`; `count` counts those that are
 * not shown too.
 */
export const storedEventsResult = v.union([
  v.strictObject({ count: v.number(), events: v.array(storedEventResult) }),
  v.strictObject({ count: v.number(), groups: v.array(group) }),
]);

export type GroupJson = v.InferOutput<typeof group>;

export type StoredEventJson = v.InferOutput<typeof storedEventResult>;
