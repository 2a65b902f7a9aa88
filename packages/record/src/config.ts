import { integer, oneOf, withDefault } from '@xero-webhooks/runtime';

/** Whether events are recorded. Read by ingress and worker. */
export const recordVariables = {
  RECORD: withDefault(oneOf('on', 'off'), 'on', {
    about:
      'Whether what becomes of each event is recorded, so that it can be searched. It costs about 600 bytes of Redis an event.',
  }),
};

/** How long records are kept. Read by the worker, which removes them. */
export const recordRetentionVariables = {
  RECORD_RETENTION_S: withDefault(integer(60, 31_536_000), '604800', {
    about: 'How long the record of an event is kept, in seconds.',
  }),
  RECORD_RETENTION_COUNT: withDefault(integer(0, 100_000_000), '200000', {
    about: 'How many records are kept at most; the earlier bound counts.',
  }),
};
