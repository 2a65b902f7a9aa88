import * as v from 'valibot';

/** `none`: there was no answer in time. */
const status = v.union([v.number(), v.literal('none')]);

/** What `xw simulate --json` prints. Times are in milliseconds; `perSecond` counts requests. */
const simulation = v.strictObject({
  event: v.string(),
  url: v.string(),
  byFake: v.boolean(),
  events: v.number(),
  requests: v.number(),
  sentTwice: v.number(),
  answers: v.array(v.strictObject({ status, count: v.number() })),
  latencyMs: v.strictObject({ median: v.number(), p99: v.number(), max: v.number() }),
  perSecond: v.number(),
  faults: v.array(v.string()),
  passed: v.boolean(),
});

/** What `xw simulate intent-to-receive --json` prints. */
const intentToReceive = v.strictObject({
  url: v.string(),
  passed: v.boolean(),
  probes: v.array(
    v.strictObject({
      signature: v.picklist(['good', 'bad']),
      status,
      ms: v.number(),
      faults: v.pipe(v.array(v.string()), v.readonly()),
    }),
  ),
});

export const simulateResult = v.union([simulation, intentToReceive]);

export type SimulationJson = v.InferOutput<typeof simulation>;
export type IntentToReceiveJson = v.InferOutput<typeof intentToReceive>;
