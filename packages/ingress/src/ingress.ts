import type { QueueRedis } from '@xero-webhooks/queue';
import { createProducer, createQuarantine, openQueueRedis, replicaRequirement } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { areDevelopmentKeys } from '@xero-webhooks/runtime';
import type { RequestHeaders } from './admit.ts';
import { createAdmit } from './admit.ts';
import { alertBeforeFull } from './alert-before-full.ts';
import type { Answer } from './answer.ts';
import { answerTo } from './answer.ts';
import { createBlame } from './blame.ts';
import { createGroupCommit } from './group-commit.ts';
import { createKeepInTime } from './keep-in-time.ts';
import { createObserve } from './observe.ts';
import type { RefusedUnread, RequestOutcome } from './outcome.ts';
import type { BodyReader } from './read-body.ts';
import { createBodyReader } from './read-body.ts';
import type { Refusals } from './refusals.ts';
import { createRefusals } from './refusals.ts';
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

export type Ingress = {
  /**
   * Receives one webhook.
   *
   * @param rawBody the exact bytes of the request's body
   * @param headers its headers, names in lower case
   * @returns the answer to send, without anything added. It never rejects.
   */
  receive(rawBody: Uint8Array, headers: RequestHeaders): Promise<Answer>;
  /** Reads the body of a request within the bounds on size and memory. */
  readonly readBody: BodyReader;
  /** Answers a request whose body was not read. */
  refuse(outcome: RefusedUnread): Answer;
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
  const { keys, log, maxBodyBytes = 5_242_880, ackDeadlineMs = 4_000, waitReplicas = 0 } = options;
  const { unreadableStatus = 400, quarantineBytes = 104_857_600, metrics } = options;
  const redis = typeof options.redis === 'string' ? await connectTo(options.redis, options) : options.redis;
  const replicas = replicaRequirement(waitReplicas, ackDeadlineMs);
  const producer = createProducer(redis, replicas);
  const { keep } = createQuarantine(redis, quarantineBytes, replicas);
  const commits = createGroupCommit({ enqueue: producer.enqueue, deadlineMs: ackDeadlineMs });
  const quarantine = createKeepInTime({ keep: alertBeforeFull(keep, quarantineBytes, log), deadlineMs: ackDeadlineMs });
  warnOfKeys(keys, log);
  const admit = createAdmit({ keys, commit: commits.commit, quarantine, redis: redis.watch.state });
  const observe = createObserve({ log, metrics, onlyDevelopmentKey: areDevelopmentKeys(keys) });

  const blame = createBlame(redis.watch.stoodStillMs);
  const refusals = createRefusals(log, metrics);

  function answerAndNote(outcome: RequestOutcome, bytes: number, ms: number): Answer {
    observe(outcome, bytes, ms);
    const answer = answerTo(outcome, unreadableStatus);
    if (answer.status >= 400) refusals.count(answer.status, outcome.outcome);
    return answer;
  }

  return {
    async receive(rawBody, headers) {
      const began = performance.now();
      const outcome = await admit(rawBody, headers).catch((error: unknown): RequestOutcome => ({
        outcome: 'refused',
        reason: 'unexpected error',
        error,
      }));
      const ms = performance.now() - began;
      return answerAndNote(blame(outcome, ms), rawBody.byteLength, ms);
    },
    readBody: createBodyReader({ maxBytes: maxBodyBytes }),
    refuse: (outcome) => answerAndNote(outcome, 0, 0),
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
