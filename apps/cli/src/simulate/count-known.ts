import { countKnownEvents } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { dataFolder, readDevelopmentFile } from '@xero-webhooks/runtime';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { connectToQueues } from '../connect.ts';

/**
 * Counts the events that are going to be dropped as duplicates at an address.
 *
 * @returns nothing where that cannot be known: only of what `pnpm start` runs is it known which Redis is behind it
 */
export async function countKnown(
  events: readonly XeroEvent[],
  url: string,
  environment: Environment,
  workingDirectory: string,
): Promise<number | undefined> {
  if (readDevelopmentFile(dataFolder(workingDirectory))?.webhookUrl !== url) return undefined;
  try {
    const redis = await connectToQueues(environment, workingDirectory);
    try {
      return await countKnownEvents(redis, events);
    } finally {
      redis.close();
    }
  } catch {
    // The events can be sent all the same.
    return undefined;
  }
}
