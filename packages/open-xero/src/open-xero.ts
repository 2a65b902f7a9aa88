import { setTimeout as wait } from 'node:timers/promises';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import type {
  AccessTokenProvider,
  ListOptions,
  Read,
  ReadOptions,
  UnknownResource,
  XeroClient,
} from '@xero-webhooks/handlers';
import { openQueueRedis } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { CodedError, createLogger, loadConfig } from '@xero-webhooks/runtime';
import { createEventAccess } from '@xero-webhooks/xero';
import { openReader } from './open-reader.ts';

export type OpenXeroOptions = {
  /** The variables that the workers have: `REDIS_URL`, `REDIS_PREFIX`, those of Xero. @defaultValue `process.env` */
  environment?: Environment;
  /** Supplies access tokens, as the handler module's `accessToken`. @defaultValue as the environment says */
  accessToken?: AccessTokenProvider;
};

/** Reads from Xero outside of handlers: in a script, or a job of your own. */
export type Xero = {
  /**
   * Reads of one organisation. A call that the limits do not allow waits until they do, which can be the next day: abort it
   * with the signal.
   */
  organisation(tenantId: string, options?: { signal?: AbortSignal }): XeroClient;
  /** Disconnects from Redis and Xero. */
  close(): Promise<void>;
};

/** Few: handlers have more to do. */
const AT_ONCE = 5;

/**
 * Opens Xero with the tokens and within the limits of the workers: what a script reads counts for them, too.
 *
 * @throws CodedError `XW_CONFIG` if a variable is missing or wrong, or nothing says where access tokens come from;
 *   `XW_REDIS_REFUSED` or `XW_SHARDS` if the Redis is not that of the workers
 */
export async function openXero({ environment = process.env, accessToken }: OpenXeroOptions = {}): Promise<Xero> {
  const config = loadConfig(workerVariables, environment);
  const log = createLogger('xero', config.LOG_LEVEL);
  const redis = await openQueueRedis({ config, name: 'xw-xero', log });
  const opened = openReader({
    config,
    accessToken,
    redis,
    workers: () => 1,
    occupancy: () => ({ active: 0, capacity: AT_ONCE }),
    observer: { called() {}, parked() {} },
    log,
  });
  if (!opened) {
    redis.close();
    throw new CodedError(
      'XW_CONFIG',
      'nothing says where access tokens come from: give accessToken, or set XERO_TOKEN_URL or XERO_CLIENT_ID',
    );
  }
  const { reader } = opened;
  return {
    organisation: (tenantId, { signal = new AbortController().signal } = {}) =>
      clientOf(tenantId, { signal, onWait: () => () => {} }, reader),
    async close() {
      await opened.close();
      redis.close();
    },
  };
}

/** No event is behind these reads. */
const NO_EVENT = {
  resourceUrl: '',
  resourceId: '',
  tenantType: 'ORGANISATION',
  eventCategory: '',
  eventType: '',
  eventDateUtc: '',
};

function clientOf(
  tenantId: string,
  readOptions: ReadOptions,
  reader: Parameters<typeof createEventAccess>[0],
): XeroClient {
  /** Each attempt waits for a short time only, so as not to keep others from their turn. */
  async function insist<Value>(
    attempt: (access: ReturnType<typeof createEventAccess>) => Promise<Read<Value>>,
  ): Promise<Value> {
    for (;;) {
      const read = await attempt(createEventAccess(reader, { ...NO_EVENT, tenantId }));
      if (read.outcome === 'read') return read.value;
      await wait(read.delayMs, undefined, { signal: readOptions.signal });
    }
  }

  async function* list(path: string, options: ListOptions = {}): AsyncGenerator<UnknownResource> {
    for (let number = 1; ; number++) {
      const { items, more } = await insist((access) => access.page(path, number, options, readOptions));
      yield* items as UnknownResource[];
      if (!more) return;
    }
  }

  return {
    get: <Answer>(path: string, query = {}) =>
      insist((access) => access.get(path, query, readOptions)) as Promise<Answer>,
    list: list as XeroClient['list'],
  };
}
