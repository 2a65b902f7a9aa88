import { openQueueRedisAsRecorded, watchDuplicates } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';

/** Those that are dropped together make one line, in milliseconds. */
const SETTLE_MS = 100;

/**
 * Tells in a line of a log how many events were dropped because the queue has them already: no process of ours notices.
 *
 * @param environment as the processes have it
 * @returns what ends it
 * @throws CodedError where Redis cannot be used
 */
export async function showDuplicates(environment: Environment, onLine: (line: string) => void): Promise<() => void> {
  const config = loadConfig(redisVariables, environment);
  const redis = await openQueueRedisAsRecorded({ config, name: 'xw-start', log: createLogger('start', 'silent') });
  let events = 0;
  let timer: NodeJS.Timeout | undefined;
  const stopWatching = await watchDuplicates(redis, () => {
    events++;
    timer ??= setTimeout(() => {
      onLine(
        JSON.stringify({
          level: 'info',
          time: new Date().toISOString(),
          msg: 'events dropped as duplicates: the queue has them already',
          events,
        }),
      );
      events = 0;
      timer = undefined;
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    stopWatching();
    redis.close();
  };
}
