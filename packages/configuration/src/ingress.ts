import { INGRESS_DEFAULTS } from '@xero-webhooks/ingress/defaults';
import { INGRESS_FORMATS } from '@xero-webhooks/ingress/formats';
import { alertVariables } from '@xero-webhooks/monitoring/config';
import { recordVariables } from '@xero-webhooks/record';
import {
  adminPort,
  matching,
  oneOf,
  port,
  processVariables,
  redisVariables,
  required,
  text,
  webhookKeys,
  withDefault,
} from '@xero-webhooks/runtime';
import { tracingVariables } from '@xero-webhooks/tracing/config';

/** The server answers at `/healthz` itself. */
const webhookPath = matching(/^\/(?!healthz\/?$)[\w./~-]*$/, 'a path that begins with a slash, other than /healthz');

/** The environment variables of the ingress. */
export const ingressVariables = {
  ...redisVariables,
  XERO_WEBHOOK_KEY: required(webhookKeys, {
    about:
      'The webhook key of the Xero app, from the developer portal. Several, with commas between them: any may match, for rotation.',
    without: '`xw dev` makes one for development; the ingress does not start',
    secret: true,
  }),
  INGRESS_HOST: withDefault(text, '0.0.0.0', { about: 'Where the ingress listens.' }),
  INGRESS_PORT: withDefault(port, '3000', {
    about: 'The port of the ingress; 0 takes any free one.',
    without: '`PORT`, else 3000',
  }),
  WEBHOOK_PATH: withDefault(webhookPath, INGRESS_DEFAULTS.path, {
    about: "The path of Xero's requests, which may have a slash at its end or not.",
  }),
  MAX_BODY_BYTES: withDefault(INGRESS_FORMATS.maxBodyBytes, String(INGRESS_DEFAULTS.maxBodyBytes), {
    about: 'The largest body, in bytes; more gets 413.',
  }),
  ACK_DEADLINE_MS: withDefault(INGRESS_FORMATS.ackDeadlineMs, String(INGRESS_DEFAULTS.ackDeadlineMs), {
    about: 'How long a request may wait for Redis before it gets 503, in milliseconds. Xero waits 5 seconds.',
  }),
  REDIS_WAIT_REPLICAS: withDefault(INGRESS_FORMATS.waitReplicas, String(INGRESS_DEFAULTS.waitReplicas), {
    about:
      'How many replicas of Redis have to have the events, too, before a request gets 200; with too few in time it gets 503.',
  }),
  UNREADABLE_STATUS: withDefault(INGRESS_FORMATS.unreadableStatus, `${INGRESS_DEFAULTS.unreadableStatus}`, {
    about: 'The answer to a body that is signed but cannot be read, once it is in quarantine.',
  }),
  QUARANTINE_BYTES: withDefault(INGRESS_FORMATS.quarantineBytes, String(INGRESS_DEFAULTS.quarantineBytes), {
    about: 'How many bytes of bodies that cannot be read are kept; when they are used up, such requests get 503.',
  }),
  FAIR_ORDER: withDefault(oneOf('on', 'off'), 'on', {
    about:
      'Whether events of an organisation go behind those of others where more than 100 come at once, or 20 a second for long. Off, all go in the order in which they come.',
  }),
  ...recordVariables,
  ...alertVariables,
  ...tracingVariables,
  ...processVariables,
  INGRESS_ADMIN_PORT: adminPort('ingress', 9464),
};

/** Uses `PORT`, which hosting platforms set, if `INGRESS_PORT` is not set. */
export function withPlatformPort(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment['INGRESS_PORT'] || !environment['PORT']
    ? environment
    : { ...environment, INGRESS_PORT: environment['PORT'] };
}
