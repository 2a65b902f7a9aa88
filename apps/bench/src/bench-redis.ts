import type { EventQueue, QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedis, openQueues } from '@xero-webhooks/queue';
import { CodedError, createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';
import { findRedisBinary, startRedisBinary } from '@xero-webhooks/local-redis';
import { temporaryFolder } from './temporary-folder.ts';

/** A real, empty Redis of the benchmark's own, gone with all its data when it is disposed of. */
export type BenchRedis = AsyncDisposable & {
  /** A connection to it. */
  readonly redis: QueueRedis;
  /** Its only queue, or that of the first shard, to look at. */
  readonly queue: EventQueue;
  /** The queues of all shards. */
  readonly queues: readonly EventQueue[];
  /** Of the server. */
  readonly pid: number;
  /** What a process of ours has to find in its environment to work with it. */
  readonly environment: Readonly<Record<string, string>>;
};

/** When Redis has on disk what it confirms: before, or within a second. */
export type Fsync = 'always' | 'everysec';

type Options = {
  /** @defaultValue always */
  fsync?: Fsync;
  /** How many queues there are. @defaultValue 1 */
  shards?: number;
  /**
   * Whether it writes its append-only file anew when that has doubled, which takes a core for a while.
   * @defaultValue as in production
   */
  rewrites?: boolean;
};

/**
 * Starts a Redis, with the settings that production needs.
 *
 * @throws CodedError `XW_REDIS_ABSENT` where no server is installed
 */
export async function startBenchRedis({
  fsync = 'always',
  shards = 1,
  rewrites = true,
}: Options = {}): Promise<BenchRedis> {
  const found = findRedisBinary(process.env['PATH'] ?? '');
  if (!found) {
    throw new CodedError(
      'XW_REDIS_ABSENT',
      'there is no redis-server or valkey-server on PATH: install one to measure',
    );
  }
  await using building = new AsyncDisposableStack();
  const { path: dir } = building.use(temporaryFolder('redis'));
  const args = ['--appendfsync', fsync, ...(rewrites ? [] : ['--auto-aof-rewrite-percentage', '0'])];
  const server = await startRedisBinary(found, { dir, args });
  building.defer(server.stop);

  const environment = { REDIS_URL: server.url, QUEUE_SHARDS: String(shards) };
  const config = loadConfig(redisVariables, environment);
  const redis = await openQueueRedis({ config, name: 'xw-bench', log: createLogger('bench', 'silent') });
  building.defer(redis.close);

  const queues = openQueues(redis);
  const built = building.move();
  return {
    redis,
    queue: queues[0]!,
    queues,
    pid: server.process.pid!,
    environment,
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  };
}
