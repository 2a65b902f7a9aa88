/** In milliseconds. */
export type WaitRange = { readonly first: number; readonly max: number };

/**
 * The wait before another try: it doubles with each try.
 *
 * @param tries how many tries have waited before, from 0
 * @returns milliseconds
 */
export function doublingWait({ first, max }: WaitRange, tries: number): number {
  return Math.min(max, first * 2 ** tries);
}
