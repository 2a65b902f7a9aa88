import type { Format } from '@xero-webhooks/runtime';
import { integer, list, oneOf, optional, text, url, withDefault } from '@xero-webhooks/runtime';
import { ALERT_NAMES } from './alerts/alerts.ts';
import { PLACEHOLDER, templateFault } from './alerts/template.ts';

const EXPECTED = `JSON in which ${PLACEHOLDER} stands inside a text`;

const template: Format<string> = {
  ...text,
  expected: EXPECTED,
  complain: (given) => (templateFault(given) ? `is malformed: it must be ${EXPECTED}` : undefined),
};

/** What every process that raises alerts reads. */
export const alertVariables = {
  ALERT_URL: optional(url('https', 'http'), {
    about: 'Where alerts are posted, as JSON with a `text`: an incoming webhook of Slack, Mattermost or Teams.',
    without: 'alerts are only logged',
    secret: true,
  }),
  ALERT_TEMPLATE: optional(template, {
    about: `What is posted instead, for other receivers: JSON in which \`${PLACEHOLDER}\` stands for the text.`,
    without: '`{"text": …, "alerts": […]}`',
    secret: true,
  }),
  ALERT_MUTE: optional(list(oneOf(...ALERT_NAMES)), {
    about: 'Names of alerts that are not raised.',
    without: 'all are',
  }),
  ALERT_INTERVAL_S: withDefault(integer(1, 3_600), '15', {
    about: 'How often to look for what is wrong, in seconds.',
  }),
  ALERT_AFTER_S: withDefault(integer(0, 86_400), '60', {
    about: 'How long no worker, no Redis or a failing webhook has to last before it is an alert, in seconds.',
  }),
  ALERT_OLDEST_S: withDefault(integer(1, 86_400), '300', {
    about: 'How long an event may wait for a worker before that is an alert, in seconds.',
  }),
  ALERT_FAILING_S: withDefault(integer(1, 86_400), '600', {
    about: 'How long a handler may do nothing but fail before that is an alert, in seconds.',
  }),
  ALERT_REPEAT_S: withDefault(integer(1, 604_800), '14400', {
    about: 'How often an alert that is still open is posted again, in seconds.',
  }),
};
