import { hostsAndPorts, integer, list, matching, oneOf, port, redisUrl, text, tokenMatching } from './formats.ts';
import type { Format } from './variable.ts';
import { optional, withDefault } from './variable.ts';

export const DEFAULT_REDIS_PREFIX = 'xw';

export const DEFAULT_SHARDS = 1;

/** The most queues over which events can be spread. */
export const MAX_SHARDS = 64;

/** Least severe first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Read by every process. */
export const redisVariables = {
  REDIS_URL: optional(redisUrl, {
    about:
      'The address of Redis, with user and password if it has them, and the database number unless that is 0: `redis://user:password@host:6379/0`. With Sentinel, user, password, database and TLS are taken from it; with Cluster, all of these but the database.',
    without: '`xw dev` finds or starts one; no other process starts',
    secret: true,
  }),
  REDIS_SENTINELS: optional(hostsAndPorts, { about: 'The Sentinels to ask for the master.' }),
  REDIS_SENTINEL_NAME: optional(text, { about: 'The name by which the Sentinels know the master.' }),
  REDIS_CLUSTER: optional(hostsAndPorts, { about: 'Some nodes of a Redis Cluster.' }),
  REDIS_PREFIX: withDefault(
    matching(/^[\w.-]{1,40}$/, '1 to 40 letters, digits, dots, hyphens or underscores'),
    DEFAULT_REDIS_PREFIX,
    {
      about: 'The prefix of every key in Redis.',
    },
  ),
  QUEUE_SHARDS: withDefault(integer(1, MAX_SHARDS), String(DEFAULT_SHARDS), {
    about:
      'The number of queues over which events are spread, by organisation. It is recorded in Redis: all processes must agree.',
  }),
};

/** One or more webhook keys, any of which may match. */
export const webhookKeys: Format<readonly string[]> = list(tokenMatching(/^[!-+\--~]{1,200}$/, 'a webhook key'));

/** Logs, admin port and shutdown of a process. */
export const processVariables = {
  LOG_LEVEL: withDefault(oneOf(...LOG_LEVELS), 'info', {
    about: 'The lowest level of log lines that are written.',
  }),
  ADMIN_HOST: withDefault(text, '127.0.0.1', {
    about: 'The host on which the admin ports listen. They have no login: keep them off public interfaces.',
  }),
  SHUTDOWN_DEADLINE_MS: withDefault(integer(100, 3_600_000), '25000', {
    about: 'How long a process may take to finish its work after SIGTERM, in milliseconds.',
  }),
};

export function adminPort(of: string, fallback: number): ReturnType<typeof withDefault<number>> {
  return withDefault(port, String(fallback), {
    about: `The admin port of the ${of}: /healthz, /readyz and /metrics. 0 for any free port.`,
  });
}
