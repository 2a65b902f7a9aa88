import type { QueueRedis } from '../open-redis.ts';
import { openQueueRedis } from '../open-redis.ts';
import { createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';
import { inject, onTestFinished } from 'vitest';
import type { AtEnd } from '@xero-webhooks/testing';

/** A process's connection to the queues, to the tests' Redis, closed when the test is over. */
export async function testQueueRedis(
  prefix: string,
  environment: Record<string, string> = {},
  atEnd: AtEnd = onTestFinished,
): Promise<QueueRedis> {
  const config = loadConfig(redisVariables, { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix, ...environment });
  const redis = await openQueueRedis({ config, name: 'test', log: createLogger('test', 'silent') });
  atEnd(redis.close);
  return redis;
}
