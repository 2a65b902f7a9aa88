import * as v from 'valibot';

const request = { at: v.pipe(v.string(), v.isoTimestamp()), status: v.number() };

const event = v.looseObject({
  name: v.string(),
  resourceId: v.string(),
  tenantId: v.string(),
  eventDateUtc: v.string(),
  eventCategory: v.string(),
  eventType: v.string(),
});

const read = { ...request, events: v.array(event), unreadable: v.pipe(v.array(v.string()), v.readonly()) };

const refused = { ...request, detail: v.string() };

/** What `xw listen --json` prints on each line: a request, or what became of it where it was passed on. */
export const listenResult = v.variant('outcome', [
  v.strictObject({ ...read, outcome: v.picklist(['received', 'intent-to-receive']) }),
  v.strictObject({
    ...refused,
    outcome: v.picklist(['not-found', 'not-post', 'too-large', 'refused', 'unreadable']),
  }),
  v.strictObject({
    at: request.at,
    outcome: v.literal('forwarded'),
    to: v.string(),
    status: v.union([v.number(), v.string()]),
  }),
]);

export type ReceivedJson = Exclude<v.InferOutput<typeof listenResult>, { outcome: 'forwarded' }>;
