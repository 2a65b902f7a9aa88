import { createHash } from 'node:crypto';

/** Makes a GUID that is the same for the same words, so that examples can name it. */
export function guidOf(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('/')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
