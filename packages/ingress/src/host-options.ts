import { loadConfig, optional, redisUrl, redisVariables, required, webhookKeys } from '@xero-webhooks/runtime';
import type { FastifyBaseLogger } from 'fastify';
import { INGRESS_FORMATS } from './formats.ts';
import type { IngressSettings } from './ingress.ts';

export type HostIngressOptions = IngressSettings & {
  /** The address of Redis: `redis://user:password@host:port/0`, or `rediss://` with TLS. */
  redis: string;
  /** A logger of pino, such as Fastify's. @defaultValue JSON lines on standard output */
  log?: FastifyBaseLogger;
};

const about = '';

/** The same rules as for the environment of our own processes: a worker must find what is stored here. */
const OPTIONS = {
  keys: required(webhookKeys, { about, secret: true }),
  redis: required(redisUrl, { about, secret: true }),
  redisPrefix: optional(redisVariables.REDIS_PREFIX.format, { about }),
  shards: optional(redisVariables.QUEUE_SHARDS.format, { about }),
  maxBodyBytes: optional(INGRESS_FORMATS.maxBodyBytes, { about }),
  ackDeadlineMs: optional(INGRESS_FORMATS.ackDeadlineMs, { about }),
  waitReplicas: optional(INGRESS_FORMATS.waitReplicas, { about }),
  unreadableStatus: optional(INGRESS_FORMATS.unreadableStatus, { about }),
  quarantineBytes: optional(INGRESS_FORMATS.quarantineBytes, { about }),
};

/**
 * Checks what a host application gives, which may come from its own environment and be missing.
 *
 * @throws CodedError `XW_CONFIG` with one line for each option that is missing or wrong; it never shows a secret
 */
export function checkHostOptions(options: HostIngressOptions): void {
  const texts = Object.keys(OPTIONS).map((name) => [name, textOf(options[name as keyof typeof OPTIONS])]);
  loadConfig(OPTIONS, Object.fromEntries(texts) as Record<string, string | undefined>);
}

/** As it would stand in the environment. */
function textOf(value: readonly string[] | string | number | undefined): string | undefined {
  return value?.toString();
}
