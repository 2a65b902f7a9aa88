import { randomBytes } from 'node:crypto';
import { findRedisBinary } from '@xero-webhooks/testing';
import { Redis } from 'ioredis';
import { describe, inject, onTestFinished } from 'vitest';
import type { AtEnd } from './app-process.ts';

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

/** A `describe` for what only a real Redis can do; elsewhere it is listed as skipped. */
export const describeWithRealRedis: typeof describe | typeof describe.skip = inject('redis').real
  ? describe
  : (((name: string, body: () => void) =>
      describe.skip(
        `${name} [skipped: needs redis-server or valkey-server on PATH, or TEST_REDIS_URL]`,
        body,
      )) as typeof describe.skip);

/** A `describe` for what starts and kills a Redis of its own; elsewhere it is listed as skipped. */
export const describeWithRedisBinary: typeof describe | typeof describe.skip = findRedisBinary(
  process.env['PATH'] ?? '',
)
  ? describe
  : (((name: string, body: () => void) =>
      describe.skip(`${name} [skipped: needs redis-server or valkey-server on PATH]`, body)) as typeof describe.skip);
