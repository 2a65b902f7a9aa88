import type { OpenAlert } from '@xero-webhooks/monitoring';
import { listAlerts, postTestAlert } from '@xero-webhooks/monitoring';
import { alertVariables } from '@xero-webhooks/monitoring/config';
import { CodedError, loadConfig } from '@xero-webhooks/runtime';
import { connectToQueues } from '../connect.ts';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { tableOf } from '../table.ts';
import { timeText } from '../times.ts';
import type { AlertsJson, AlertTestJson } from './schema.ts';

const variables = { ALERT_URL: alertVariables.ALERT_URL, ALERT_TEMPLATE: alertVariables.ALERT_TEMPLATE };

export async function runAlerts({ test = false, json = false }: { test?: boolean; json?: boolean }): Promise<void> {
  await (test ? postTest(json) : printAlerts(json));
}

/** @throws CodedError `XW_CONFIG` without ALERT_URL, `XW_ALERT_NOT_POSTED` if it does not accept the post */
async function postTest(json: boolean): Promise<void> {
  const { ALERT_URL: url, ALERT_TEMPLATE: template } = loadConfig(variables, process.env, notice);
  if (url === undefined)
    throw new CodedError('XW_CONFIG', 'ALERT_URL is not set: set it to where alerts are to be posted');
  const fault = await postTestAlert(url, template);
  if (fault !== undefined) throw new CodedError('XW_ALERT_NOT_POSTED', `ALERT_URL: ${fault}`);
  if (json) printJson({ posted: true } satisfies AlertTestJson);
  else printLines(['posted a test to ALERT_URL']);
}

async function printAlerts(json: boolean): Promise<void> {
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const open = await listAlerts(redis.client, redis.prefix);
    if (json) printJson(alertsJson(open));
    else printLines(alertsTable(open));
  } finally {
    redis.close();
  }
}

function alertsJson(open: readonly OpenAlert[]): AlertsJson {
  return {
    alerts: open.map(({ name, subject, text, since }) => ({
      alert: name,
      subject,
      text,
      since: new Date(since).toISOString(),
    })),
  };
}

function alertsTable(open: readonly OpenAlert[]): string[] {
  if (open.length === 0) return ['no alert is open; those of an ingress are in its own log'];
  const columns = ['since', 'alert', 'what is so'].map((title) => ({ title }));
  return [
    ...tableOf(
      columns,
      open.map(({ name, text, since }) => [timeText(since), name, printable(text)]),
    ),
    '',
    'docs/alerts.md says what to do',
  ];
}
