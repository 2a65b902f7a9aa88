import * as v from 'valibot';

/** What `xw shards --json` prints. `recorded` is null before the first process has started. */
export const shardsResult = v.strictObject({
  recorded: v.nullable(v.number()),
  queues: v.array(
    v.strictObject({
      name: v.string(),
      waiting: v.number(),
      active: v.number(),
      delayed: v.number(),
      deadLetters: v.number(),
      handled: v.number(),
    }),
  ),
});

/** What `xw shards <count> --json` prints once the number is changed. */
export const shardsChangeResult = v.strictObject({ from: v.nullable(v.number()), to: v.number() });

export type ShardsJson = v.InferOutput<typeof shardsResult>;
export type ShardsChangeJson = v.InferOutput<typeof shardsChangeResult>;
