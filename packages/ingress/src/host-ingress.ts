import type { Log } from '@xero-webhooks/runtime';
import { createLogger, errorFields } from '@xero-webhooks/runtime';
import type { FastifyBaseLogger } from 'fastify';
import type { HostIngressOptions } from './host-options.ts';
import { checkHostOptions } from './host-options.ts';
import { openIngress } from './ingress.ts';
import type { Receive } from './receive.ts';

/** An ingress that is part of somebody else's server. */
export type HostIngress = Receive & {
  /** Whether Redis answers, so that requests can be accepted. */
  isReady(): Promise<boolean>;
  /** Waits for what is being stored, then disconnects from Redis. Close the server first. */
  close(): Promise<void>;
};

/**
 * Opens an ingress for a server of any kind: give each request with its raw body to `receive`, or as Node has it to
 * `handle`, and send what comes back as it is.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`. A Redis that does not answer is not an error:
 *   requests get 503 until it does.
 */
export async function openHostIngress(options: HostIngressOptions): Promise<HostIngress> {
  checkHostOptions(options);
  const { log, ...settings } = options;
  const { handle, receive, isReady, close } = await openIngress({
    ...settings,
    log: log ? redactingLog(log) : createLogger('ingress', 'info'),
  });
  return { handle, receive, isReady, close };
}

/** The host's own log would write out the whole Redis command that an error is about, and with it the events. */
export function redactingLog(log: FastifyBaseLogger): Log {
  return log.child({}, { serializers: { err: errorFields } });
}
