import type { QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedisAsRecorded } from '@xero-webhooks/queue';
import { createLogger, dataFolder, loadConfig, readDevelopmentFile, redisVariables } from '@xero-webhooks/runtime';
import { notice } from './notice.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Any of these says where Redis is. */
const PLACES = ['REDIS_URL', 'REDIS_URL_FILE', 'REDIS_SENTINELS', 'REDIS_CLUSTER'];

/**
 * Connects to the queues' Redis: the one that the environment names, as for any other process, else the one that
 * `pnpm start` runs in the working directory.
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
  return left ? { ...environment, REDIS_URL: left.redisUrl } : environment;
}
