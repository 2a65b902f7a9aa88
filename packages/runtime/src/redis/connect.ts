import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import type { ConfigOf } from '../config/variable.ts';
import type { redisVariables } from '../config/shared.ts';
import { explainClusterFaults } from './explain-cluster-fault.ts';
import { ListeningSentinelConnector } from './sentinel-connector.ts';
import { tlsToOne, tlsToSeveral } from './tls.ts';

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

/**
 * How long a Redis that is connected may leave a request's command without an answer before the connection is given up,
 * in milliseconds. A command that waits inside Redis has to end before.
 */
export const REDIS_SILENCE_MS = 2_000;

/**
 * The same for a worker, whose commands wait up to ten seconds for a job: a server that is gone without a word would be
 * waited for as long as TCP does, a quarter of an hour.
 */
const WORKER_SILENCE_MS = 20_000;

/** How often a Redis that is still loading its data is asked whether it is done: its own estimates can be far off. */
const LOADING_RETRY_MS = 1_000;

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
  | 'maxLoadingRetryTime'
>;

type SentinelOptions = Pick<
  RedisOptions,
  | 'Connector'
  | 'sentinelRetryStrategy'
  | 'failoverDetector'
  | 'enableTLSForSentinelMode'
  | 'sentinelTLS'
  | 'sentinelPassword'
>;

type Manner = { offlineQueue: boolean; options: ConnectionOptions };

const failFast: ConnectionOptions = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  socketTimeout: REDIS_SILENCE_MS,
  connectTimeout: REDIS_SILENCE_MS,
  maxLoadingRetryTime: LOADING_RETRY_MS,
};

const patient: ConnectionOptions = {
  maxRetriesPerRequest: null,
  socketTimeout: WORKER_SILENCE_MS,
  maxLoadingRetryTime: LOADING_RETRY_MS,
};

/** After a failover an old connection can lead to a replica, which refuses to write: connect again, to the master. */
function reconnectOnError(error: Error): 1 | false {
  // Before Redis 7 the word stands inside the error of the script that wanted to write.
  return /\bREADONLY\b/.test(error.message) ? 1 : false;
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
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const credentials = credentialsOf(url);
  const tls = url.protocol === 'rediss:' ? (sentinels || cluster ? tlsToSeveral(host) : tlsToOne(host)) : undefined;

  function open(name: string, { offlineQueue, options }: Manner): RedisClient {
    const common: ConnectionOptions = { connectionName: name, ...credentials, ...(tls ? { tls } : {}), ...options };
    const client = cluster
      ? new Cluster([...cluster], {
          redisOptions: common,
          enableOfflineQueue: offlineQueue,
          clusterRetryStrategy: retryStrategy,
          slotsRefreshTimeout: REDIS_SILENCE_MS,
          // Names are left to the connection, so that it can compare them with the certificate.
          dnsLookup: (hostname, callback) => callback(null, hostname),
        })
      : new Redis({
          ...common,
          ...(sentinels
            ? {
                ...behindSentinels(credentials.password, tls),
                sentinels: [...sentinels],
                name: config.REDIS_SENTINEL_NAME!,
              }
            : { host, port: Number(url.port || 6379) }),
          enableOfflineQueue: offlineQueue,
          retryStrategy,
          reconnectOnError,
          db: databaseOf(url),
        });
    // Every client's errors are watched where it is used; without any listener ioredis would print to the console.
    client.on('error', () => {});
    if (client instanceof Cluster && tls) {
      explainClusterFaults(client, () => new Redis({ ...common, ...cluster![0]!, retryStrategy: () => null }));
    }
    return client;
  }

  return {
    forRequests: (name) => open(name, { offlineQueue: false, options: failFast }),
    forWorker: (name) => open(name, { offlineQueue: true, options: patient }),
    cluster: cluster !== undefined,
    address: (cluster ?? sentinels)?.map(hostAndPort).join(',') ?? url.host,
  };
}

/** Sentinels know no users of ours: they are asked with the password alone, which one without a password lets pass. */
function behindSentinels(password: string | undefined, tls: ConnectionOptions['tls']): SentinelOptions {
  return {
    Connector: ListeningSentinelConnector,
    sentinelRetryStrategy: retryStrategy,
    failoverDetector: true,
    ...(tls ? { sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
    ...(password === undefined ? {} : { sentinelPassword: password }),
  };
}

function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function credentialsOf(url: URL): { username?: string; password?: string } {
  return {
    ...(url.username ? { username: decode(url.username) } : {}),
    ...(url.password ? { password: decode(url.password) } : {}),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new CodedError(
      'XW_CONFIG',
      'REDIS_URL is malformed; expected each percent sign in its user and password to be written as %25',
    );
  }
}

function databaseOf(url: URL): number {
  return Number(url.pathname.slice(1)) || 0;
}
