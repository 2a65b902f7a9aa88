import type { ApiUsage } from '@xero-webhooks/xero';
import { tableOf } from '../table.ts';

export function usageTable(uses: readonly ApiUsage[], day: Date): string[] {
  const name = day.toISOString().slice(0, 10);
  if (uses.length === 0) return [`nothing was read from Xero on ${name} (UTC)`];
  const rows = uses.map(({ tenantId, calls, bytes, left }) => [
    tenantId,
    String(calls),
    size(bytes),
    left === undefined ? '' : String(left),
  ]);
  const columns = [
    { title: 'organisation' },
    ...['calls', 'answered', 'left of the day'].map((title) => ({ title, right: true })),
  ];
  return [`read from Xero on ${name} (UTC)`, '', ...tableOf(columns, rows)];
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
