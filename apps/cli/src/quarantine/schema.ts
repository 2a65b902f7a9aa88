import * as v from 'valibot';

const body = {
  id: v.string(),
  cause: v.string(),
  detail: v.string(),
  receivedAt: v.pipe(v.string(), v.isoTimestamp()),
  deliveryId: v.string(),
  times: v.number(),
  bytes: v.number(),
};

/** What `xw quarantine list --json` prints. */
export const quarantineListResult = v.strictObject({ bodies: v.array(v.strictObject(body)) });

/** What `xw quarantine show --json` prints; the body is in base64. */
export const quarantinedBodyResult = v.strictObject({ ...body, body: v.pipe(v.string(), v.base64()) });

export type QuarantinedJson = v.InferOutput<typeof quarantineListResult>['bodies'][number];
