import { countKnownEvents } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { dataFolder, readDevelopmentFile } from '@xero-webhooks/runtime';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { connectToQueues } from '../connect.ts';

/**
 * Counts the events that the receiver at an address will drop as duplicates.
 *
 * @returns `undefined` if unknown: only for `xw dev` is it known which Redis the receiver uses
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
    // Counting is optional: the events can be sent anyway.
    return undefined;
  }
}
