import { integer, withDefault } from '@xero-webhooks/runtime';

/** How long settled events are remembered. Read by every process that can settle one. */
export const rememberVariables = {
  IDEMPOTENCY_TTL_S: withDefault(integer(60, 31_536_000), '604800', {
    about: 'How long a settled event is remembered, so that it is not handled again, in seconds.',
  }),
};
