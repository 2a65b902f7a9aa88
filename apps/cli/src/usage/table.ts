import type { ApiUse } from '@xero-webhooks/xero';

export function usageTable(uses: readonly ApiUse[], day: Date): string[] {
  const name = day.toISOString().slice(0, 10);
  if (uses.length === 0) return [`nothing was read from Xero on ${name} (UTC)`];
  const rows = uses.map(({ tenantId, calls, bytes, left }) => [
    tenantId,
    String(calls),
    size(bytes),
    left === undefined ? '' : String(left),
  ]);
  const all = [['organisation', 'calls', 'answered', 'left of the day'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [`read from Xero on ${name} (UTC)`, '', ...lines];
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
