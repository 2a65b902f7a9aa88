import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventQueue, QueueRedis } from '@xero-webhooks/queue';
import { openQueueRedis, openQueues } from '@xero-webhooks/queue';
import { CodedError, createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';
import { findRedisBinary, startRedisBinary } from '@xero-webhooks/local-redis';

/** A real Redis, empty at first. Disposing of it deletes its data. */
export type BenchRedis = AsyncDisposable & {
  readonly redis: QueueRedis;
  /** The queue of the first shard. */
  readonly queue: EventQueue;
  /** One for each shard. */
  readonly queues: readonly EventQueue[];
  /** The server's process id. */
  readonly pid: number;
  /** What our processes need in their environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
};

/** Whether Redis writes to disk before it confirms, or within a second. */
export type Fsync = 'always' | 'everysec';

type Options = {
  /** @defaultValue always */
  fsync?: Fsync;
  /** @defaultValue 1 */
  shards?: number;
  /**
   * Whether Redis rewrites its append-only file when it has doubled, which takes a core for a while. Off where rounds are
   * compared: the rewrite would fall into some of them only.
   *
   * @defaultValue as in production
   */
  rewrites?: boolean;
};

/** @throws CodedError `XW_REDIS_ABSENT` if no server is installed */
export async function startBenchRedis({
  fsync = 'always',
  shards = 1,
  rewrites = true,
}: Options = {}): Promise<BenchRedis> {
  const found = redisBinary();
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

/** @throws CodedError `XW_REDIS_ABSENT` if no server is installed */
export function redisBinary(): NonNullable<ReturnType<typeof findRedisBinary>> {
  const found = findRedisBinary(process.env['PATH'] ?? '');
  if (found) return found;
  throw new CodedError('XW_REDIS_ABSENT', 'redis-server or valkey-server must be on PATH. Install one to measure');
}

/** Deleted when its scope ends. */
export function temporaryFolder(name: string): Disposable & { readonly path: string } {
  return mkdtempDisposableSync(join(tmpdir(), `xw-bench-${name}-`));
}
