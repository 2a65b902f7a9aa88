import { agreeOnShards, createProducer, createQuarantine } from '@xero-webhooks/queue';
import type { Log, Metrics, RedisConnections } from '@xero-webhooks/runtime';
import { createRedisConnections, watchRedis } from '@xero-webhooks/runtime';
import type { RequestHeaders } from './admit.ts';
import { createAdmit } from './admit.ts';
import type { Answer } from './answer.ts';
import { answerTo } from './answer.ts';
import { createGroupCommit } from './group-commit.ts';
import { createObserve } from './observe.ts';
import type { RequestOutcome } from './outcome.ts';
import type { BodyReader } from './read-body.ts';
import { createBodyReader } from './read-body.ts';

export type IngressOptions = {
  /** The webhook keys of the Xero app, any of which may match: list the new one beside the old one to rotate. */
  keys: readonly string[];
  /** Redis: an address (`redis://user:password@host:port`), or connections made by `createRedisConnections`. */
  redis: string | RedisConnections;
  log: Log;
  /** What every key in Redis begins with. @defaultValue `xw` */
  prefix?: string;
  /** How many queues the events are spread over; all processes must agree. @defaultValue 1 */
  shards?: number;
  /** The largest body, in bytes. @defaultValue 5242880 */
  maxBodyBytes?: number;
  /** How long a request may wait for Redis, in milliseconds. Xero waits 5 seconds. @defaultValue 4000 */
  ackDeadlineMs?: number;
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
  refuse(outcome: Extract<RequestOutcome, { outcome: 'too-large' | 'refused' }>): Answer;
  /** Whether Redis answers. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

/** A key made by `pnpm start`, as opposed to one that Xero signs with. */
export const DEVELOPMENT_KEY_PREFIX = 'xw-development-';

/**
 * Opens what receives webhooks: the connection to Redis, the queues and the quarantine.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`. A Redis that does not answer is no error: requests
 *   get 503 until it does.
 */
export async function openIngress(options: IngressOptions): Promise<Ingress> {
  const { keys, log, prefix = 'xw', shards = 1, maxBodyBytes = 5_242_880, ackDeadlineMs = 4_000 } = options;
  const { unreadableStatus = 400, quarantineBytes = 104_857_600, metrics } = options;
  const connections = typeof options.redis === 'string' ? connectTo(options.redis) : options.redis;
  const client = connections.forRequests('xw-ingress');
  const redis = await watchRedis({
    client,
    address: connections.address,
    log,
    admit: () => agreeOnShards(client, prefix, shards),
  }).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  const producer = createProducer({ client, prefix, shards, cluster: connections.cluster });
  const quarantine = createQuarantine({ client, prefix, maxBytes: quarantineBytes });
  const commits = createGroupCommit({ enqueue: producer.enqueue, deadlineMs: ackDeadlineMs });
  const admit = createAdmit({ keys, commit: commits.commit, quarantine: quarantine.keep, redis: redis.state });
  const onlyDevelopmentKey = keys.every((key) => key.startsWith(DEVELOPMENT_KEY_PREFIX));
  const observe = createObserve({ log, metrics, onlyDevelopmentKey });

  return {
    async receive(rawBody, headers) {
      const began = performance.now();
      const outcome = await admit(rawBody, headers).catch(
        (error: unknown): RequestOutcome => ({ outcome: 'refused', reason: 'unexpected error', error }),
      );
      observe(outcome, rawBody.byteLength, performance.now() - began);
      return answerTo(outcome, unreadableStatus);
    },
    readBody: createBodyReader({ maxBytes: maxBodyBytes }),
    refuse(outcome) {
      observe(outcome, 0, 0);
      return answerTo(outcome, unreadableStatus);
    },
    isReady: async () => redis.state().usable && (await redis.ping()),
    async close() {
      redis.stop();
      await producer.close();
      client.disconnect();
    },
  };
}

function connectTo(address: string): RedisConnections {
  return createRedisConnections({
    REDIS_URL: address,
    REDIS_CLUSTER: undefined,
    REDIS_SENTINELS: undefined,
    REDIS_SENTINEL_NAME: undefined,
  });
}
