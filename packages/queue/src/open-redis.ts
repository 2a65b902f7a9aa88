import type { ConfigOf, Log, RedisClient, RedisConnections, RedisWatch, redisVariables } from '@xero-webhooks/runtime';
import { CodedError, createRedisConnections, watchRedis } from '@xero-webhooks/runtime';
import { checkRights, COMMANDS_TO_ENQUEUE, COMMANDS_TO_WORK } from './rights.ts';
import { agreeOnShards, agreeToEnqueue, recordedShards } from './shards.ts';

/** A watched connection to the Redis that holds the queues, and what it takes to open more. */
export type QueueRedis = {
  readonly connections: RedisConnections;
  /** Its commands fail fast. */
  readonly client: RedisClient;
  readonly watch: RedisWatch;
  readonly prefix: string;
  readonly shards: number;
  /** Whether Redis answers and is usable, for `/readyz`. */
  isReady(): Promise<boolean>;
  close(): void;
};

type Options = {
  config: ConfigOf<typeof redisVariables>;
  /** The connection's name in Redis's list of clients. */
  name: string;
  log: Log;
  /** Whether the process adds events to the queues. If so, it stops while `xw shards` changes the number of shards. */
  enqueues?: boolean;
  /** Whether the process takes events from the queues. */
  works?: boolean;
  /** Called if the recorded number of shards changes while the process runs. */
  onShardsChanged?: (disagreement: CodedError) => void;
};

/**
 * Connects a process to the queues' Redis, checks that it is usable, and agrees on the number of shards. A Redis that does
 * not answer does not keep the process from starting: the connection waits for it.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`
 */
export async function openQueueRedis(options: Options): Promise<QueueRedis> {
  const { config, enqueues = false, works = false, onShardsChanged = () => {} } = options;
  const { REDIS_PREFIX: prefix, QUEUE_SHARDS: shards } = config;
  const agree = enqueues ? agreeToEnqueue : agreeOnShards;
  const commands = [...(enqueues ? COMMANDS_TO_ENQUEUE : []), ...(works ? COMMANDS_TO_WORK : [])];
  const connected = await connect(options, {
    commands,
    admit: (client) => agree(client, prefix, shards),
    onRefusal: (refusal) => {
      if (refusal.code === 'XW_SHARDS') onShardsChanged(refusal);
    },
  });
  return { ...connected, shards };
}

/** How long a command line waits for Redis, in milliseconds. */
const ADMINISTRATION_PATIENCE_MS = 5_000;

/**
 * Connects to the queues' Redis to administer it, with the recorded number of shards, or QUEUE_SHARDS if none is recorded.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED`, or `XW_REDIS_ABSENT` if it does not answer
 */
export async function openQueueRedisAsRecorded(options: Pick<Options, 'config' | 'name' | 'log'>): Promise<QueueRedis> {
  const { QUEUE_SHARDS: configured } = options.config;
  const connected = await connect(options, { patienceMs: ADMINISTRATION_PATIENCE_MS });
  const { state, fault } = connected.watch;
  const seen = state();
  if (!seen.usable) {
    connected.close();
    const where = `${seen.reason} (${connected.connections.address})`;
    throw new CodedError(
      'XW_REDIS_ABSENT',
      `${where}: start it, or name another with REDIS_URL${fault ? `; ${fault.explanation}` : ''}`,
    );
  }
  return { ...connected, shards: (await recordedShards(connected.client, connected.prefix)) ?? configured };
}

type Watching = {
  /** The commands that the process runs: each new connection is checked once for the right to them. */
  commands?: readonly string[];
  admit?: (client: RedisClient) => Promise<void>;
  onRefusal?: (refusal: CodedError) => void;
  patienceMs?: number;
};

async function connect(
  { config, name, log }: Options,
  { admit = async () => {}, commands = [], ...watching }: Watching,
): Promise<Omit<QueueRedis, 'shards'>> {
  const connections = createRedisConnections(config, log);
  const client = connections.forWatch(name);
  const { address, faults } = connections;
  const keys = { prefix: config.REDIS_PREFIX, cluster: connections.cluster };
  let mayWork = commands.length === 0;
  client.on('close', () => {
    mayWork = commands.length === 0;
  });

  async function admitConnection(): Promise<void> {
    await admit(client);
    if (mayWork) return;
    await checkRights(client, commands, keys);
    mayWork = true;
  }

  try {
    const watch = await watchRedis({ client, name, address, log, faults, admit: admitConnection, ...watching });
    return {
      connections,
      client,
      watch,
      prefix: config.REDIS_PREFIX,
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
