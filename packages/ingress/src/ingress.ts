import type { QueueRedis } from '@xero-webhooks/queue';
import {
  createCrowding,
  createNoteSequences,
  createNoteWebhook,
  noteOutage,
  createProducer,
  createQuarantine,
  openQueueRedis,
  replicaRequirement,
} from '@xero-webhooks/queue';
import { createRecorder, watchRoom } from '@xero-webhooks/record';
import type { Recorder } from '@xero-webhooks/record';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { areDevelopmentKeys, DEFAULT_REDIS_PREFIX, DEFAULT_SHARDS } from '@xero-webhooks/runtime';
import { createAdmit } from './admit.ts';
import { alertBeforeFull } from './alert-before-full.ts';
import { createBlame } from './blame.ts';
import { countEvents } from './count-events.ts';
import { INGRESS_DEFAULTS } from './defaults.ts';
import { createGroupCommit } from './group-commit.ts';
import { createObserve } from './observe.ts';
import { createBodyReader } from './read-body.ts';
import type { Receive, TraceRequest } from './receive.ts';
import { createReceive } from './receive.ts';
import type { Refusals } from './refusals.ts';
import { createRefusals } from './refusals.ts';
import { createStorageLimits } from './storage-limits.ts';
import { createStorePayload } from './store-payload.ts';
import { warnAboutKeys } from './warn-about-keys.ts';
import type { WebhookTrouble } from './webhook-trouble.ts';
import { countHints } from './count-hints.ts';
import { createWebhookTrouble } from './webhook-trouble.ts';

/** How an ingress receives, whatever it is part of. */
export type IngressSettings = {
  /** The webhook keys of the Xero app, any of which may match: list the new one beside the old one to rotate. */
  keys: readonly string[];
  /** The prefix of every key in Redis. Only used with an address. @defaultValue `xw` */
  redisPrefix?: string;
  /** How many queues the events are spread over; all processes must agree. Only used with an address. @defaultValue 1 */
  shards?: number;
  /** The largest body, in bytes. @defaultValue 5242880 */
  maxBodyBytes?: number;
  /** How long a request may wait for Redis, in milliseconds. Xero waits 5 seconds. @defaultValue 4000 */
  ackDeadlineMs?: number;
  /** How many replicas of Redis must have the events, too, before a request is accepted. @defaultValue 0 */
  waitReplicas?: number;
  /** The answer to a signed body that cannot be read. @defaultValue 400 */
  unreadableStatus?: 200 | 400;
  /** How many bytes the quarantine may hold. When it is full, unreadable bodies get 503. @defaultValue 104857600 */
  quarantineBytes?: number;
  /** Whether events are recorded, so that they can be found before a worker has them. @defaultValue true */
  record?: boolean;
  /** Whether the events of an organisation that has many at once go behind those of others. @defaultValue true */
  fairOrder?: boolean;
};

type IngressOptions = IngressSettings & {
  /** An address (`redis://user:password@host:port`), or a connection from `openQueueRedis` with `enqueues: true`. */
  redis: string | QueueRedis;
  log: Log;
  metrics?: Metrics;
  /** How requests are traced. @defaultValue they are not */
  tracing?: IngressTracing | undefined;
};

export type IngressTracing = {
  readonly trace: TraceRequest;
  /** The span of the request that is decided on, as W3C writes it. */
  readonly traceparent: () => string | undefined;
};

export type Ingress = Receive & {
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** Counts and logs refused requests. Servers also report those that never reach the webhook here. */
  readonly refusals: Refusals;
  readonly trouble: Omit<WebhookTrouble, 'note'>;
  /** Whether Redis answers, so that requests can be accepted. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * Connects to Redis, its queues and the quarantine, and puts the parts of the ingress together.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`. A Redis that does not answer is not an error:
 *   requests get 503 until it does.
 */
export async function openIngress(options: IngressOptions): Promise<Ingress> {
  const {
    keys,
    log,
    metrics,
    tracing,
    maxBodyBytes = INGRESS_DEFAULTS.maxBodyBytes,
    ackDeadlineMs = INGRESS_DEFAULTS.ackDeadlineMs,
    waitReplicas = INGRESS_DEFAULTS.waitReplicas,
    unreadableStatus = INGRESS_DEFAULTS.unreadableStatus,
    quarantineBytes = INGRESS_DEFAULTS.quarantineBytes,
    record = true,
    fairOrder = true,
  } = options;
  const redis = typeof options.redis === 'string' ? await connectTo(options.redis, options) : options.redis;
  const replicas = replicaRequirement(waitReplicas, ackDeadlineMs);
  const producer = createProducer(redis, {
    replicas,
    log,
    ...(record && { recorder: recorderOf(redis) }),
    ...(fairOrder && { crowding: createCrowding() }),
  });
  const { keep } = createQuarantine(redis, quarantineBytes, replicas);
  const store = createStorePayload({
    withinLimits: createStorageLimits({ deadlineMs: ackDeadlineMs }),
    commit: createGroupCommit({ enqueue: metrics ? countEvents(producer.enqueue, metrics) : producer.enqueue }),
    quarantine: alertBeforeFull(keep, quarantineBytes, log),
    traceparent: tracing?.traceparent,
  });
  warnAboutKeys(keys, log);
  const sequences = createNoteSequences(redis.client, redis.prefix, metrics && countHints(metrics));
  const admit = createAdmit({ keys, store, redis: redis.watch.state, noteSpan: sequences.note });
  const trouble = createWebhookTrouble(Date.now, (outage) => {
    noteOutage(redis.client, redis.prefix, outage).catch(() => {});
  });
  const observe = createObserve({
    log,
    metrics,
    onlyDevelopmentKey: areDevelopmentKeys(keys),
    noteWebhook: createNoteWebhook(redis.client, redis.prefix),
    noteAnswer: trouble.note,
  });

  const refusals = createRefusals(log, metrics);
  const receive = createReceive({
    readBody: createBodyReader({ maxBytes: maxBodyBytes }),
    admit,
    blame: createBlame(redis.watch.stoodStillMs),
    observe,
    refusals,
    unreadableStatus,
    trace: tracing?.trace,
  });

  return {
    ...receive,
    maxBodyBytes,
    refusals,
    trouble,
    isReady: redis.isReady,
    async close() {
      await sequences.close();
      await producer.close();
      redis.close();
    },
  };
}

function recorderOf({ client, connections, prefix, watch }: QueueRedis): Recorder {
  return createRecorder({ client, prefix, cluster: connections.cluster, hasRoom: watchRoom(watch) });
}

function connectTo(
  address: string,
  { log, redisPrefix = DEFAULT_REDIS_PREFIX, shards = DEFAULT_SHARDS }: IngressOptions,
): Promise<QueueRedis> {
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
