/** How an action on many events went. `absent`: somebody else was faster, or the event went on by itself. */
export type Acted = { readonly done: number; readonly absent: number; readonly failed: number };

export type ActOptions = {
  /** Ends the action after the batch at work. Called again, it does the rest. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with how many have been looked at. */
  readonly onProgress?: ((lookedAt: number) => void) | undefined;
};

/** Events that are acted on at once. */
const ACTED_AT_ONCE = 20;

/**
 * Acts on events in bounded batches. A fault with one does not stop the others; the first is thrown at the end if none
 * could be acted on.
 *
 * @param act does it, safely twice, and says whether there was anything to do
 */
export async function actOnEach<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<'done' | 'absent'>,
  { signal, onProgress = () => {} }: ActOptions = {},
): Promise<Acted> {
  const counts = { done: 0, absent: 0, failed: 0 };
  let fault: unknown;
  for (let at = 0; at < items.length && !signal?.aborted; at += ACTED_AT_ONCE) {
    const batch = items.slice(at, at + ACTED_AT_ONCE);
    const outcomes = await Promise.allSettled(batch.map(act));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') counts[outcome.value]++;
      else {
        counts.failed++;
        fault ??= outcome.reason;
      }
    }
    onProgress(at + batch.length);
  }
  if (counts.failed > 0 && counts.done === 0) throw fault;
  return counts;
}
