import { workerVariables } from '@xero-webhooks/configuration/worker';
import type { AccessTokenProvider, XeroClient } from '@xero-webhooks/handlers';
import { openQueueRedis } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { CodedError, createLogger, loadConfig } from '@xero-webhooks/runtime';
import { openReader } from './open-reader.ts';
import { organisationClient } from './organisation-client.ts';

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
      organisationClient(reader, tenantId, signal),
    async close() {
      await opened.close();
      redis.close();
    },
  };
}
