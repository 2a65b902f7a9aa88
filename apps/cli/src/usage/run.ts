import type { ApiUsage } from '@xero-webhooks/xero';
import { readApiUsage } from '@xero-webhooks/xero';
import { connectToQueues } from '../connect.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import type { UsageJson } from './schema.ts';
import { usageTable } from './table.ts';

export async function runUsage(day: Date, json = false): Promise<void> {
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const uses = await readApiUsage(redis.client, redis.prefix, day);
    if (json) printJson(usageJson(uses, day));
    else printLines(usageTable(uses, day));
  } finally {
    redis.close();
  }
}

function usageJson(uses: readonly ApiUsage[], day: Date): UsageJson {
  const organisations = uses.map(({ tenantId, calls, bytes, left = null }) => ({ tenantId, calls, bytes, left }));
  return { day: day.toISOString().slice(0, 10), organisations };
}
