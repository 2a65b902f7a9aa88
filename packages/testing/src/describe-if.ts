import { describe } from 'vitest';

/**
 * A `describe` for what needs something that not every machine has; elsewhere its tests are listed as skipped.
 *
 * @param needs what is missing there, for the list
 */
export function describeIf(there: boolean, needs: string): typeof describe | typeof describe.skip {
  if (there) return describe;
  return ((name: string, body: () => void) =>
    describe.skip(`${name} [skipped: needs ${needs}]`, body)) as typeof describe.skip;
}
