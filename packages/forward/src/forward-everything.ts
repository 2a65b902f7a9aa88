import type { On } from '@xero-webhooks/handlers';
import type { ConfigOf } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { forwardVariables } from './config.ts';
import { readDestination } from './destination.ts';

type Config = ConfigOf<typeof forwardVariables>;

/** In ledgers, logs and idempotency keys. */
const NAME = 'forward';

/**
 * The handler that forwards events to FORWARD_URL.
 *
 * @returns a function that registers it, or `undefined` if FORWARD_URL is not set
 * @throws CodedError if the configuration cannot work
 */
export function forwardEverything(config: Config): ((on: On) => void) | undefined {
  const { FORWARD_URL: url, FORWARD_SECRET: secret, FORWARD_EVENTS: events, FORWARD_INCLUDE: include } = config;
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || secret === undefined) {
    const [set, missing] = url === undefined ? ['FORWARD_SECRET', 'FORWARD_URL'] : ['FORWARD_URL', 'FORWARD_SECRET'];
    throw new CodedError('XW_CONFIG', `${missing} is not set, but ${set} is: set both to forward events, or neither`);
  }
  checkDestination(url, config.FORWARD_ALLOW_PRIVATE);
  return (on) => on(events, { name: NAME }, (_event, context) => context.forward(url, { secret, include }));
}

/** What every message would fail with prevents the start. */
function checkDestination(url: string, allowPrivate: boolean): void {
  try {
    readDestination(url, allowPrivate);
  } catch (error) {
    throw new CodedError('XW_CONFIG', `FORWARD_URL: ${(error as CodedError).message}`);
  }
}
