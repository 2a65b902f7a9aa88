import { join } from 'node:path';
import { listWorkers, openQueueRedis } from '@xero-webhooks/queue';
import { createLogger, loadConfig, redisVariables } from '@xero-webhooks/runtime';
import type { RedisCluster } from '@xero-webhooks/testing/redis-cluster';
import { startRedisCluster } from '@xero-webhooks/testing/redis-cluster';
import { redisBinary, temporaryFolder } from '../harness/bench-redis.ts';
import type { BenchProcess } from '../harness/bench-process.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import type { Receiver } from '../harness/receiver.ts';
import { OUR_RECEIVER, startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { startOurWorker } from '../harness/workers.ts';

/** Several processes of each kind over a Redis Cluster. */
export type ClusterSystem = AsyncDisposable & {
  readonly machine: Machine;
  readonly cluster: RedisCluster;
  readonly ingresses: readonly Receiver[];
  readonly workers: readonly BenchProcess[];
};

export const SHARDS = 4;
const INGRESSES = 2;
const WORKERS = 2;

/** How many events each worker handles at once, in each shard. */
const CONCURRENCY = 10;

/** @throws CodedError `XW_REDIS_ABSENT` if no server is installed */
export async function startClusterSystem(fairOrder: boolean, signal: AbortSignal): Promise<ClusterSystem> {
  await using building = new AsyncDisposableStack();
  const { path } = building.use(temporaryFolder('cluster'));
  const cluster = await startRedisCluster(redisBinary(), { dir: join(path, 'redis') });
  building.defer(cluster.stop);
  const environment = {
    REDIS_URL: cluster.url,
    REDIS_CLUSTER: cluster.addresses.join(','),
    QUEUE_SHARDS: String(SHARDS),
    FAIR_ORDER: fairOrder ? 'on' : 'off',
  };
  const ingresses: Receiver[] = [];
  for (let count = 0; count < INGRESSES; count++) {
    ingresses.push(building.use(await startReceiver(OUR_RECEIVER, environment, signal)));
  }
  const workers = Array.from({ length: WORKERS }, () =>
    building.use(startOurWorker({ environment }, 'noteStartAndWait', { WORKER_CONCURRENCY: String(CONCURRENCY) })),
  );
  const config = loadConfig(redisVariables, environment);
  const redis = await openQueueRedis({ config, name: 'xw-bench', log: createLogger('bench', 'silent') });
  building.defer(redis.close);
  const machine = await describeMachine(redis.client);
  await until(
    async () => (await listWorkers(redis.client, redis.prefix)).length === WORKERS,
    'the workers to be ready',
    { signal },
  );
  const built = building.move();
  return { machine, cluster, ingresses, workers, [Symbol.asyncDispose]: () => built.disposeAsync() };
}
