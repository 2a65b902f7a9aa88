import type { ConfigOf, Log, RedisClient, RedisConnections, RedisWatch, redisVariables } from '@xero-webhooks/runtime';
import { createRedisConnections, watchRedis } from '@xero-webhooks/runtime';
import { agreeOnShards } from './shards.ts';

/** A watched connection to the Redis that holds the queues, and what is needed to make more of them. */
export type QueueRedis = {
  readonly connections: RedisConnections;
  /** A connection that fails fast. */
  readonly client: RedisClient;
  readonly watch: RedisWatch;
  readonly prefix: string;
  readonly shards: number;
  /** Whether Redis answers and may be worked with: for `/readyz`. */
  isReady(): Promise<boolean>;
  close(): void;
};

type Options = { config: ConfigOf<typeof redisVariables>; name: string; log: Log };

/**
 * Connects a process to the queues' Redis, judges it, and agrees with it on the number of shards. A Redis that does not
 * answer is waited for, it does not keep the process from starting.
 *
 * @param name what the connection is called in Redis's own list of clients
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`
 */
export async function openQueueRedis({ config, name, log }: Options): Promise<QueueRedis> {
  const connections = createRedisConnections(config);
  const client = connections.forRequests(name);
  const { REDIS_PREFIX: prefix, QUEUE_SHARDS: shards } = config;
  try {
    const watch = await watchRedis({
      client,
      address: connections.address,
      log,
      admit: () => agreeOnShards(client, prefix, shards),
    });
    return {
      connections,
      client,
      watch,
      prefix,
      shards,
      isReady: async () => watch.state().usable && (await watch.ping()),
      close() {
        watch.stop();
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}
