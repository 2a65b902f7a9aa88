import type { QueueRedis } from '@xero-webhooks/queue';
import { createProducer, createQuarantine, openQueueRedis, replicaDemand } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { areDevelopmentKeys } from '@xero-webhooks/runtime';
import { createAdmit } from './admit.ts';
import { alertBeforeFull } from './alert-before-full.ts';
import { createBlame } from './blame.ts';
import { INGRESS_DEFAULTS } from './defaults.ts';
import { createGroupCommit } from './group-commit.ts';
import { createObserve } from './observe.ts';
import { createBodyReader } from './read-body.ts';
import type { Receive } from './receive.ts';
import { createReceive } from './receive.ts';
import type { Refusals } from './refusals.ts';
import { createRefusals } from './refusals.ts';
import { createStorageLimits } from './storage-limits.ts';
import { createStorePayload } from './store-payload.ts';
import { warnOfKeys } from './warn-of-keys.ts';

export type IngressOptions = {
  /** The webhook keys of the Xero app, any of which may match: list the new one beside the old one to rotate. */
  keys: readonly string[];
  /** Redis: an address (`redis://user:password@host:port`), or a connection made by `openQueueRedis` that enqueues. */
  redis: string | QueueRedis;
  log: Log;
  /** With an address: what every key in Redis begins with. @defaultValue `xw` */
  redisPrefix?: string;
  /** With an address: how many queues the events are spread over; all processes must agree. @defaultValue 1 */
  shards?: number;
  /** The largest body, in bytes. @defaultValue 5242880 */
  maxBodyBytes?: number;
  /** How long a request may wait for Redis, in milliseconds. Xero waits 5 seconds. @defaultValue 4000 */
  ackDeadlineMs?: number;
  /** How many replicas of Redis have to have the events, too, before a request is accepted. @defaultValue 0 */
  waitReplicas?: number;
  /** The answer to a body that was signed but cannot be read. @defaultValue 400 */
  unreadableStatus?: 200 | 400;
  /** How many bytes of bodies that cannot be read are kept. @defaultValue 104857600 */
  quarantineBytes?: number;
  metrics?: Metrics;
};

export type Ingress = Receive & {
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** What is told of requests that never reach the webhook. */
  readonly refusals: Refusals;
  /** Whether Redis answers. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * Opens what receives webhooks: the connection to Redis, the queues and the quarantine.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`. A Redis that does not answer is no error: requests
 *   get 503 until it does.
 */
export async function openIngress(options: IngressOptions): Promise<Ingress> {
  const {
    keys,
    log,
    metrics,
    maxBodyBytes = INGRESS_DEFAULTS.maxBodyBytes,
    ackDeadlineMs = INGRESS_DEFAULTS.ackDeadlineMs,
    waitReplicas = INGRESS_DEFAULTS.waitReplicas,
    unreadableStatus = INGRESS_DEFAULTS.unreadableStatus,
    quarantineBytes = INGRESS_DEFAULTS.quarantineBytes,
  } = options;
  const redis = typeof options.redis === 'string' ? await connectTo(options.redis, options) : options.redis;
  const replicas = replicaDemand(waitReplicas, ackDeadlineMs);
  const producer = createProducer(redis, replicas);
  const { keep } = createQuarantine(redis, quarantineBytes, replicas);
  const store = createStorePayload({
    withinLimits: createStorageLimits({ deadlineMs: ackDeadlineMs }),
    commit: createGroupCommit({ enqueue: producer.enqueue }),
    quarantine: alertBeforeFull(keep, quarantineBytes, log),
  });
  warnOfKeys(keys, log);
  const admit = createAdmit({ keys, store, redis: redis.watch.state });
  const observe = createObserve({ log, metrics, onlyDevelopmentKey: areDevelopmentKeys(keys) });

  const refusals = createRefusals(log, metrics);
  const receive = createReceive({
    readBody: createBodyReader({ maxBytes: maxBodyBytes }),
    admit,
    blame: createBlame(redis.watch.stoodStillMs),
    observe,
    refusals,
    unreadableStatus,
  });

  return {
    ...receive,
    maxBodyBytes,
    refusals,
    isReady: redis.isReady,
    async close() {
      await producer.close();
      redis.close();
    },
  };
}

function connectTo(address: string, { log, redisPrefix = 'xw', shards = 1 }: IngressOptions): Promise<QueueRedis> {
  const config = {
    REDIS_URL: address,
    REDIS_CLUSTER: undefined,
    REDIS_SENTINELS: undefined,
    REDIS_SENTINEL_NAME: undefined,
    REDIS_PREFIX: redisPrefix,
    QUEUE_SHARDS: shards,
  };
  return openQueueRedis({ config, name: 'xw-ingress', log, enqueues: true });
}
