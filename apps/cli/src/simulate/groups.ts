import { setTimeout as wait } from 'node:timers/promises';

/** Requests that are sent concurrently; more where they are sent at a rate, which must not wait for a slow receiver. */
const AT_ONCE = 10;
const AT_ONCE_PACED = 250;

export type Pace = {
  /** How many items a second are begun. @defaultValue as many as come to an end */
  readonly perSecond?: number | undefined;
  /** Begins no more items; those under way come to their end. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each item with how many are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
};

export function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
}

/**
 * Runs a function for each item, a few at a time.
 *
 * @returns the results in the order of the items, without those that were not begun
 */
export async function forEach<Item, Result>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<Result>,
  { perSecond, signal, onProgress = () => {} }: Pace = {},
): Promise<Result[]> {
  const results: Result[] = [];
  const began = performance.now();
  let next = 0;
  let done = 0;
  async function runNext(): Promise<void> {
    while (next < items.length && !signal?.aborted) {
      const index = next++;
      if (perSecond !== undefined) await waitUntil(began + (index / perSecond) * 1_000, signal);
      if (signal?.aborted) return;
      results[index] = await run(items[index]!, index);
      onProgress(++done);
    }
  }
  const atOnce = perSecond === undefined ? AT_ONCE : AT_ONCE_PACED;
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runNext));
  // Where it was cut off, there are holes.
  return results.filter(() => true);
}

/** Waits until then, by `performance.now()`, or until it is cut off. */
async function waitUntil(time: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = time - performance.now();
  if (ms > 0) await wait(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
