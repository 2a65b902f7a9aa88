import { hostsAndPorts, integer, list, matching, oneOf, port, redisUrl, text, tokenMatching } from './formats.ts';
import type { Format } from './variable.ts';
import { optional, withDefault } from './variable.ts';

/** Where Redis is, and under which prefix everything in it stands. Every process reads these. */
export const redisVariables = {
  REDIS_URL: optional(redisUrl, {
    about:
      'Redis, with user and password where it has them, and the number of the database where that is not 0: `redis://user:password@host:6379/0`. Sentinel takes user, password, database and TLS from it, Cluster all but the database.',
    without: '`pnpm start` finds or starts one; any other process does not start',
    secret: true,
  }),
  REDIS_SENTINELS: optional(hostsAndPorts, { about: 'The Sentinels to ask for the master.' }),
  REDIS_SENTINEL_NAME: optional(text, { about: 'The name that the Sentinels know the master by.' }),
  REDIS_CLUSTER: optional(hostsAndPorts, { about: 'Some nodes of a Redis Cluster.' }),
  REDIS_PREFIX: withDefault(matching(/^[\w.-]{1,40}$/, '1 to 40 letters, digits, dots, hyphens or underscores'), 'xw', {
    about: 'What every key in Redis begins with.',
  }),
  QUEUE_SHARDS: withDefault(integer(1, 64), '1', {
    about: 'How many queues the events are spread over, by organisation. Recorded in Redis: all processes must agree.',
  }),
};

/** One or more webhook keys, any of which may match. */
export const webhookKeys: Format<readonly string[]> = list(tokenMatching(/^[!-+\--~]{1,200}$/, 'a webhook key'));

/** How a process tells what it does. */
export const processVariables = {
  LOG_LEVEL: withDefault(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), 'info', {
    about: 'The least severe log lines that are written.',
  }),
  ADMIN_HOST: withDefault(text, '127.0.0.1', {
    about: 'Where the admin ports listen. They have no login: keep them off public interfaces.',
  }),
  SHUTDOWN_DEADLINE_MS: withDefault(integer(100, 3_600_000), '25000', {
    about: 'How long a process may take to finish what it is doing after SIGTERM, in milliseconds.',
  }),
};

/** The admin port of one process. */
export function adminPort(of: string, fallback: number): ReturnType<typeof withDefault<number>> {
  return withDefault(port, String(fallback), {
    about: `The admin port of the ${of}: /healthz, /readyz and /metrics. 0 takes any free port.`,
  });
}
