import type { QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedisAsRecorded } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { createLogger, dataFolder, loadConfig, readDevelopmentFile, redisVariables } from '@xero-webhooks/runtime';
import { notice } from './notice.ts';

/** Each of these names a Redis. */
const PLACES = ['REDIS_URL', 'REDIS_URL_FILE', 'REDIS_SENTINELS', 'REDIS_CLUSTER'];

/**
 * Connects to the Redis that the environment names, as any other process does, or else to the one that `xw dev` runs
 * in the working directory.
 *
 * @throws CodedError as `openQueueRedisAsRecorded`
 */
export async function connectToQueues(environment: Environment, workingDirectory: string): Promise<QueueRedis> {
  const config = loadConfig(redisVariables, withDevelopmentRedis(environment, workingDirectory), notice);
  return openQueueRedisAsRecorded({ config, name: 'xw-cli', log: createLogger('xw', 'silent') });
}

function withDevelopmentRedis(environment: Environment, workingDirectory: string): Environment {
  if (PLACES.some((name) => environment[name])) return environment;
  const left = readDevelopmentFile(dataFolder(workingDirectory));
  if (!left) return environment;
  const { redisUrl, redisPrefix = '' } = left;
  return { ...environment, REDIS_URL: redisUrl, REDIS_PREFIX: environment['REDIS_PREFIX'] || redisPrefix };
}
