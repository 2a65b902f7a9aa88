import { EVENT_STATES } from '@xero-webhooks/record/event-states';
import * as v from 'valibot';

const time = v.pipe(v.string(), v.isoTimestamp());

const state = v.picklist(EVENT_STATES);

/** One thing that happened to an event. */
const timelineEntry = v.variant('kind', [
  v.strictObject({
    kind: v.literal('attempt'),
    at: time,
    handler: v.string(),
    attempt: v.number(),
    worker: v.string(),
    ms: v.number(),
    outcome: v.picklist(['succeeded', 'failed', 'gave-up', 'later', 'parked', 'aborted', 'lost']),
    delayMs: v.number(),
    reason: v.string(),
  }),
  v.strictObject({
    kind: v.literal('state'),
    at: time,
    state: v.picklist(['waiting', 'handled', 'dead', 'unhandled']),
    dueAt: v.optional(time),
  }),
  v.strictObject({
    kind: v.literal('action'),
    at: time,
    action: v.picklist(['retried', 'dropped', 'replayed', 'run-now']),
    by: v.string(),
  }),
  v.strictObject({ kind: v.literal('gap'), left: v.number() }),
]);

/** What `xw events --follow --json` prints on each line. */
export const eventResult = v.strictObject({
  key: v.string(),
  tenantId: v.string(),
  resourceId: v.string(),
  name: v.string(),
  eventDateUtc: v.string(),
  receivedAt: time,
  deliveryId: v.string(),
  source: v.string(),
  state,
  dueAt: v.optional(time),
  timeline: v.array(timelineEntry),
});

/** What `xw events --json` prints. */
export const eventsResult = v.strictObject({ events: v.array(eventResult), more: v.boolean() });

export type EventJson = v.InferOutput<typeof eventResult>;
export type TimelineEntryJson = v.InferOutput<typeof timelineEntry>;
