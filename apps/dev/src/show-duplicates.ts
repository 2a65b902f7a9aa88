import { openQueueRedisAsRecorded, watchDuplicates } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';

/** Duplicates within this time share one line. In milliseconds. */
const SETTLE_MS = 100;

/**
 * Logs how many events were dropped because the queue already has them: no other process notices that.
 *
 * @param environment as the processes get it
 * @returns stops it
 * @throws CodedError if Redis cannot be used
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
          msg: 'events dropped as duplicates: the queue already has them',
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
