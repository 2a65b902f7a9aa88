import * as v from 'valibot';

const counts = {
  matched: v.number(),
  acted: v.literal(true),
  done: v.number(),
  absent: v.number(),
  failed: v.number(),
};

/** What was not done, because more than one matched without `--yes`, or because of `--dry-run`. */
const notActed = v.strictObject({ matched: v.number(), acted: v.literal(false) });

/**
 * What a command that changes events prints with `--json`. `absent`: somebody else was faster, or the event went on by
 * itself.
 */
export const actResult = v.variant('acted', [notActed, v.strictObject(counts)]);

/** `run`: the run id of a replay with `--force`. */
export const replayResult = v.variant('acted', [notActed, v.strictObject({ ...counts, run: v.optional(v.string()) })]);

/** `events`: those that were enqueued; `unreadable`: bodies that this release cannot read either. */
export const quarantineReplayResult = v.variant('acted', [
  notActed,
  v.strictObject({ ...counts, events: v.number(), unreadable: v.number() }),
]);
