import * as v from 'valibot';

/** What `xw subscribe --json` prints; `answer` is what Xero answered. */
export const subscribeResult = v.strictObject({ url: v.string(), events: v.array(v.string()), answer: v.unknown() });
