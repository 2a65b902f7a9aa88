import { integer, oneOf } from '@xero-webhooks/runtime';

/** What the settings of an ingress must be, in the environment and as options. */
export const INGRESS_FORMATS = {
  maxBodyBytes: integer(1_024, 104_857_600),
  ackDeadlineMs: integer(50, 60_000),
  waitReplicas: integer(0, 10),
  unreadableStatus: oneOf('200', '400'),
  quarantineBytes: integer(0),
};
