/**
 * The middle number, or the mean of the middle two.
 *
 * @throws RangeError if there are none
 */
export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) throw new RangeError('no numbers to take the median of');
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The smallest of the numbers that is at least as large as `share` percent of them.
 *
 * @param share in percent, above 0, for example 99.9
 * @throws RangeError if there are none
 */
export function percentile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new RangeError('no numbers to take a percentile of');
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * share) / 100 - 1e-9) - 1)]!;
}

/** Each number divided by the one of the same round. */
export function ratios(some: readonly number[], others: readonly number[]): number[] {
  return some.map((value, round) => value / others[round]!);
}
