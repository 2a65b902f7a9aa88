/**
 * The least of some numbers that so many of a hundred of them do not exceed.
 *
 * @param share in percent, over 0, for example 99.9
 * @throws RangeError where there are none
 */
export function percentile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new RangeError('there is no percentile of nothing');
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * share) / 100 - 1e-9) - 1)]!;
}
