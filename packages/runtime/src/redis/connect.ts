import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import type { ConfigOf } from '../config/variable.ts';
import type { redisVariables } from '../config/shared.ts';
import type { Log } from '../logger.ts';
import { createLogger } from '../logger.ts';
import { explainClusterFaults } from './explain-cluster-fault.ts';
import type { FaultLog } from './fault-log.ts';
import { createFaultLog } from './fault-log.ts';
import { keepDatabase } from './keep-database.ts';
import type { RedisAddress } from './redis-url.ts';
import { parseRedisUrl } from './redis-url.ts';
import { sentinelConnector } from './sentinel-connector.ts';
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
  /** As `forRequests`, but whoever opens it watches over its errors and tells of them. */
  forWatch(name: string): RedisClient;
  /** What goes wrong on them. */
  readonly faults: FaultLog;
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

type ConnectionProfile = { offlineQueue: boolean; watched?: boolean; options: ConnectionOptions };

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
 * Connects to the Redis that the configuration names. An error on any of them is logged, without user and
 * password; none of them ever works in another database than REDIS_URL names.
 *
 * @param log where faults of connections go @defaultValue standard output
 * @throws CodedError `XW_CONFIG` where no Redis is named, or the names are malformed or contradict each other
 */
export function createRedisConnections(
  config: RedisConfig,
  log: Log = createLogger('redis', 'warn'),
): RedisConnections {
  const { REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } = config;
  const address = addressIn(config);
  const { host, port, database } = address;
  const credentials = credentialsOf(address);
  const tls = address.tls ? (sentinels || cluster ? tlsToSeveral(host) : tlsToOne(host)) : undefined;
  const shown = (cluster ?? sentinels)?.map(hostAndPort).join(',') ?? address.shown;
  const faults = createFaultLog({
    log,
    address: shown,
    variable: cluster ? 'REDIS_CLUSTER' : sentinels ? 'REDIS_SENTINELS' : 'REDIS_URL',
    servers: cluster ?? sentinels ?? [{ host, port }],
    tls: address.tls,
  });

  function open(name: string, { offlineQueue, watched = false, options }: ConnectionProfile): RedisClient {
    const note = (error: unknown): void => faults.note(error, name);
    const common: ConnectionOptions = { connectionName: name, ...credentials, ...(tls ? { tls } : {}), ...options };
    if (cluster) {
      const client = new Cluster([...cluster], {
        redisOptions: common,
        enableOfflineQueue: offlineQueue,
        clusterRetryStrategy: retryStrategy,
        slotsRefreshTimeout: REDIS_SILENCE_MS,
        // Names are left to the connection, so that it can compare them with the certificate.
        dnsLookup: (hostname, callback) => callback(null, hostname),
      });
      prepareCluster(client, note, watched, () => new Redis({ ...common, ...cluster[0]!, retryStrategy: () => null }));
      return client;
    }
    const client = new Redis({
      ...common,
      ...(sentinels
        ? {
            ...behindSentinels(credentials.password, tls, (error) => faults.note(error, `${name}, to a Sentinel`)),
            sentinels: [...sentinels],
            name: config.REDIS_SENTINEL_NAME!,
          }
        : { host, port }),
      enableOfflineQueue: offlineQueue,
      retryStrategy,
      reconnectOnError,
      db: database,
    });
    prepare(client, note, watched);
    return client;
  }

  return {
    forRequests: (name) => open(name, { offlineQueue: false, options: failFast }),
    forWorker: (name) => open(name, { offlineQueue: true, options: patient }),
    forWatch: (name) => open(name, { offlineQueue: false, watched: true, options: failFast }),
    faults,
    cluster: cluster !== undefined,
    address: shown,
  };
}

type Note = (error: unknown) => void;

/** BullMQ makes a copy of a worker's connection for itself: what holds for the connection has to hold for that too. */
function prepare(client: Redis, note: Note, watched: boolean): void {
  keepDatabase(client);
  client.on('error', watched ? () => {} : note);
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const copy = duplicate(override);
    prepare(copy, note, false);
    return copy;
  };
}

function prepareCluster(client: Cluster, note: Note, watched: boolean, connectToNode: () => Redis): void {
  client.on('error', watched ? () => {} : note);
  explainClusterFaults(client, connectToNode);
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (...overrides) => {
    const copy = duplicate(...overrides);
    prepareCluster(copy, note, false, connectToNode);
    return copy;
  };
}

/** @throws CodedError `XW_CONFIG` */
function addressIn(config: RedisConfig): RedisAddress {
  const { REDIS_URL: text, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } = config;
  if (sentinels && cluster) {
    throw new CodedError('XW_CONFIG', 'REDIS_SENTINELS and REDIS_CLUSTER are both set: set only one of them');
  }
  if (!text && !sentinels && !cluster) {
    throw new CodedError('XW_CONFIG', 'REDIS_URL is not set: set it to an address such as redis://127.0.0.1:6379');
  }
  if (sentinels && !config.REDIS_SENTINEL_NAME) {
    throw new CodedError(
      'XW_CONFIG',
      'REDIS_SENTINEL_NAME is not set: set it to the name by which the Sentinels know the master',
    );
  }
  const address = parseRedisUrl(text ?? 'redis://127.0.0.1:6379');
  if ('complaint' in address) throw new CodedError('XW_CONFIG', `REDIS_URL ${address.complaint}`);
  if (cluster && address.database !== 0) {
    throw new CodedError(
      'XW_CONFIG',
      `REDIS_URL names database ${address.database}, but a Cluster only has database 0: leave out the number after the slash`,
    );
  }
  return address;
}

/** Sentinels know no users of ours: they are asked with the password alone, which one without a password lets pass. */
function behindSentinels(password: string | undefined, tls: ConnectionOptions['tls'], note: Note): SentinelOptions {
  return {
    Connector: sentinelConnector(note),
    sentinelRetryStrategy: retryStrategy,
    failoverDetector: true,
    ...(tls ? { sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
    ...(password === undefined ? {} : { sentinelPassword: password }),
  };
}

function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function credentialsOf({ username, password }: RedisAddress): { username?: string; password?: string } {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}
