/** How far away a time is, in one unit: `3 min`, `2 h`, `4 d`. */
export function spanText(ms: number): string {
  const span = Math.abs(ms);
  if (span < 1_000) return `${Math.round(span)} ms`;
  if (span < 100_000) return `${Math.round(span / 1_000)} s`;
  if (span < 6_000_000) return `${Math.round(span / 60_000)} min`;
  if (span < 172_800_000) return `${Math.round(span / 3_600_000)} h`;
  return `${Math.round(span / 86_400_000)} d`;
}
