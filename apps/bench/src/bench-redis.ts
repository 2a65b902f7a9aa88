import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventQueue, QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedis, openQueues } from '@xero-webhooks/queue';
import { CodedError, createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';
import { findRedisBinary, startRedisBinary } from '@xero-webhooks/testing';

/** A real, empty Redis of the benchmark's own, gone with all its data when it is disposed of. */
export type BenchRedis = AsyncDisposable & {
  /** A connection to it. */
  readonly redis: QueueRedis;
  /** Its only queue, to look at. */
  readonly queue: EventQueue;
  /** What a process of ours has to find in its environment to work with it. */
  readonly environment: Readonly<Record<string, string>>;
};

/**
 * Starts a Redis, with the settings that production needs.
 *
 * @throws CodedError `XW_REDIS_ABSENT` where no server is installed
 */
export async function startBenchRedis(): Promise<BenchRedis> {
  const found = findRedisBinary(process.env['PATH'] ?? '');
  if (!found) {
    throw new CodedError(
      'XW_REDIS_ABSENT',
      'there is no redis-server or valkey-server on PATH: install one to measure',
    );
  }
  await using building = new AsyncDisposableStack();
  const dir = mkdtempSync(join(tmpdir(), 'xw-bench-'));
  building.defer(() => rmSync(dir, { recursive: true, force: true }));
  const server = await startRedisBinary(found, { dir });
  building.defer(server.stop);

  const environment = { REDIS_URL: server.url };
  const config = loadConfig(redisVariables, environment);
  const redis = await openQueueRedis({ config, name: 'xw-bench', log: createLogger('bench', 'silent') });
  building.defer(redis.close);

  const built = building.move();
  return { redis, queue: openQueues(redis)[0]!, environment, [Symbol.asyncDispose]: () => built.disposeAsync() };
}
