import type { workerVariables } from '@xero-webhooks/configuration/worker';
import type { AccessTokenProvider } from '@xero-webhooks/handlers';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Log } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { Occupancy, ReadObserver, ReadTracing, XeroReader } from '@xero-webhooks/xero';
import type { IdentityOptions } from '@xero-webhooks/xero-auth';
import { APP_MINUTE_LIMIT, createBudget, createXeroApi, createXeroReader } from '@xero-webhooks/xero';
import { chooseTokens } from './token-source.ts';

/** Reads from Xero, and what has to be closed after the last. */
export type OpenReader = {
  /** Where tokens come from, for the log. */
  readonly from: string;
  readonly reader: XeroReader;
  close(): Promise<void>;
};

type Options = {
  config: ConfigOf<typeof workerVariables>;
  /** What supplies tokens instead of what the configuration names. */
  accessToken: AccessTokenProvider | undefined;
  redis: QueueRedis;
  /** How many processes read. */
  workers: () => number;
  occupancy: () => Occupancy;
  observer: ReadObserver;
  /** Told what each request for an access token came to. @defaultValue nobody is */
  onToken?: IdentityOptions['onToken'];
  /** How calls are traced. @defaultValue they are not */
  tracing?: ReadTracing | undefined;
  log: Log;
};

/**
 * Opens the reads of one process, within the limits that all processes share.
 *
 * @returns `undefined` if nothing says where access tokens come from
 * @throws CodedError `XW_CONFIG` if the configuration contradicts itself
 */
export function openReader({
  config,
  accessToken,
  redis,
  workers,
  occupancy,
  observer,
  onToken,
  tracing,
  log,
}: Options): OpenReader | undefined {
  const chosen = chooseTokens({ config, accessToken, redis, log, onToken });
  if (!chosen) return undefined;
  if (config.XERO_DAY_RESERVE >= config.XERO_DAY_LIMIT) {
    throw new CodedError(
      'XW_CONFIG',
      `XERO_DAY_RESERVE is ${config.XERO_DAY_RESERVE}; expected less than XERO_DAY_LIMIT (${config.XERO_DAY_LIMIT}), or nothing could be read`,
    );
  }
  const { client, prefix } = redis;
  const limits = {
    atOnce: config.XERO_CONCURRENCY,
    perMinute: config.XERO_MINUTE_LIMIT,
    perDay: config.XERO_DAY_LIMIT,
    dayReserve: config.XERO_DAY_RESERVE,
    appPerMinute: APP_MINUTE_LIMIT,
  };
  const api = createXeroApi({ apiUrl: chosen.apiUrl });
  const reader = createXeroReader({
    api,
    budget: createBudget({ client, prefix, limits }),
    tokens: chosen.tokens,
    workers,
    occupancy,
    observer,
    tracing,
    log,
  });
  return {
    from: chosen.from,
    reader,
    async close() {
      await chosen.close?.();
      api.close();
    },
  };
}
