import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import type { ConfigOf } from '../config/variable.ts';
import type { redisVariables } from '../config/shared.ts';

/** One client of Redis, alone, behind Sentinel, or of a Cluster. */
export type RedisClient = Redis | Cluster;

type RedisConfig = Pick<
  ConfigOf<typeof redisVariables>,
  'REDIS_URL' | 'REDIS_SENTINELS' | 'REDIS_SENTINEL_NAME' | 'REDIS_CLUSTER'
>;

export type RedisConnections = {
  /** Fails fast: no queue while Redis is away, no resending, and a silent Redis is given up after two seconds. */
  forRequests(name: string): RedisClient;
  /** Waits for Redis as long as it takes, as BullMQ's workers need it. */
  forWorker(name: string): RedisClient;
  /** Whether keys have to carry hash tags. */
  readonly cluster: boolean;
  /** Where Redis is, without user and password. */
  readonly address: string;
};

/** How long a Redis that is connected may leave a command without an answer before the connection is given up. */
const SILENCE_MS = 2_000;

/** Reconnects soon after Redis is back: at most a second between two tries. */
function retryStrategy(times: number): number {
  return Math.min(100 * times, 1_000);
}

/** What one connection may be told wherever it leads: a server alone, a master that Sentinel names, a Cluster's node. */
type ConnectionOptions = Pick<
  RedisOptions,
  | 'connectionName'
  | 'username'
  | 'password'
  | 'tls'
  | 'maxRetriesPerRequest'
  | 'autoResendUnfulfilledCommands'
  | 'socketTimeout'
  | 'connectTimeout'
>;

type SentinelOptions = Pick<
  RedisOptions,
  'sentinels' | 'name' | 'sentinelRetryStrategy' | 'failoverDetector' | 'enableTLSForSentinelMode' | 'sentinelPassword'
>;

type Manner = { offlineQueue: boolean; options: ConnectionOptions };

const failFast: ConnectionOptions = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  socketTimeout: SILENCE_MS,
  connectTimeout: SILENCE_MS,
};

const patient: ConnectionOptions = { maxRetriesPerRequest: null };

/** After a failover an old connection can lead to a replica, which refuses to write: connect again, to the master. */
function reconnectOnError(error: Error): 1 | false {
  return error.message.startsWith('READONLY') ? 1 : false;
}

/**
 * Makes connections to the Redis that the configuration names.
 *
 * @throws CodedError `XW_CONFIG` where no Redis is named or the names contradict each other
 */
export function createRedisConnections(config: RedisConfig): RedisConnections {
  const { REDIS_URL: address, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } = config;
  if (sentinels && cluster)
    throw new CodedError('XW_CONFIG', 'REDIS_SENTINELS and REDIS_CLUSTER are both set; expected one');
  if (!address && !sentinels && !cluster) {
    throw new CodedError('XW_CONFIG', 'REDIS_URL is not set; expected an address such as redis://127.0.0.1:6379');
  }
  if (sentinels && !config.REDIS_SENTINEL_NAME) {
    throw new CodedError(
      'XW_CONFIG',
      'REDIS_SENTINEL_NAME is not set; expected the name of the master that the Sentinels know',
    );
  }
  const url = new URL(address ?? 'redis://127.0.0.1:6379');
  const credentials = credentialsOf(url);

  function open(name: string, { offlineQueue, options }: Manner): RedisClient {
    const common: ConnectionOptions = { connectionName: name, ...credentials, ...options };
    const client = cluster
      ? new Cluster([...cluster], {
          redisOptions: common,
          enableOfflineQueue: offlineQueue,
          clusterRetryStrategy: retryStrategy,
          slotsRefreshTimeout: SILENCE_MS,
          // A cluster announces bare addresses, which a certificate does not name.
          dnsLookup: (host, callback) => callback(null, host),
        })
      : new Redis({
          ...common,
          ...(sentinels ? behindSentinels(sentinels, config.REDIS_SENTINEL_NAME!, url) : alone(url)),
          enableOfflineQueue: offlineQueue,
          retryStrategy,
          reconnectOnError,
          db: databaseOf(url),
        });
    // Every client's errors are watched where it is used; without any listener ioredis would print to the console.
    client.on('error', () => {});
    return client;
  }

  return {
    forRequests: (name) => open(name, { offlineQueue: false, options: failFast }),
    forWorker: (name) => open(name, { offlineQueue: true, options: patient }),
    cluster: cluster !== undefined,
    address: (cluster ?? sentinels)?.map(({ host, port }) => `${host}:${port}`).join(',') ?? url.host,
  };
}

function alone(url: URL): Pick<RedisOptions, 'host' | 'port'> {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) };
}

function behindSentinels(
  sentinels: readonly { host: string; port: number }[],
  name: string,
  url: URL,
): SentinelOptions {
  return {
    sentinels: [...sentinels],
    name,
    sentinelRetryStrategy: retryStrategy,
    failoverDetector: true,
    enableTLSForSentinelMode: url.protocol === 'rediss:',
    ...(url.password ? { sentinelPassword: decodeURIComponent(url.password) } : {}),
  };
}

function credentialsOf(url: URL): ConnectionOptions {
  return {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  };
}

function databaseOf(url: URL): number {
  return Number(url.pathname.slice(1)) || 0;
}
