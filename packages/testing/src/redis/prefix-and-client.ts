import { randomBytes } from 'node:crypto';
import { findRedisBinary } from '@xero-webhooks/local-redis';
import { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';
import type { AtEnd } from '../app-process.ts';
import { describeIf } from '../describe-if.ts';

/** A prefix that no other test uses. Its keys go when the test is over. */
export function testPrefix(atEnd: AtEnd = onTestFinished): string {
  const prefix = `t-${randomBytes(6).toString('hex')}`;
  const url = inject('redis').url;
  atEnd(async () => {
    const client = new Redis(url);
    for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1_000 })) {
      if ((keys as string[]).length > 0) await client.unlink(...(keys as string[]));
    }
    client.disconnect();
  });
  return prefix;
}

/** A connection to the tests' Redis, closed when the test is over. */
export function testClient(url: string = inject('redis').url, atEnd: AtEnd = onTestFinished): Redis {
  const client = new Redis(url);
  atEnd(() => client.disconnect());
  return client;
}

/** What only a real Redis can do. */
export const describeWithRealRedis: ReturnType<typeof describeIf> = describeIf(
  inject('redis').real,
  'redis-server or valkey-server on PATH, or TEST_REDIS_URL',
);

/** What starts and kills a Redis of its own. */
export const describeWithRedisBinary: ReturnType<typeof describeIf> = describeIf(
  findRedisBinary(process.env['PATH'] ?? '') !== undefined,
  'redis-server or valkey-server on PATH',
);
