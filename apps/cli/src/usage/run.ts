import { readApiUse } from '@xero-webhooks/xero';
import { connectToQueues } from '../connect.ts';
import { usageTable } from './table.ts';

export async function runUsage(day: Date): Promise<void> {
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const uses = await readApiUse(redis.client, redis.prefix, day);
    process.stdout.write(`${usageTable(uses, day).join('\n')}\n`);
  } finally {
    redis.close();
  }
}
