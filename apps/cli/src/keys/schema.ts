import * as v from 'valibot';

/** What `xw keys generate --json` prints. */
export const generatedKeyResult = v.strictObject({ kind: v.picklist(['webhook', 'encryption']), key: v.string() });

/**
 * What `xw keys rotate --json` prints: for each token set its organisations, and what became of it. `current`: it had the
 * first key already; `busy`: it is being renewed right now; `unreadable`: none of the keys fits; `absent`: it is gone.
 */
export const rotatedKeysResult = v.strictObject({
  tokenSets: v.array(
    v.strictObject({
      outcome: v.picklist(['reencrypted', 'current', 'busy', 'unreadable', 'absent']),
      organisations: v.pipe(v.array(v.string()), v.readonly()),
    }),
  ),
});

export type RotatedKeysJson = v.InferOutput<typeof rotatedKeysResult>;
