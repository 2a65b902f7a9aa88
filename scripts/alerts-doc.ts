import { writeFileSync } from 'node:fs';
import type { AlertEntry } from '@xero-webhooks/monitoring';
import { ALERTS } from '@xero-webhooks/monitoring';

const INTRODUCTION = `<!-- Made by \`pnpm run docs\` from packages/monitoring/src/alerts/alerts.ts: change it there. -->

# Alerts

Set \`ALERT_URL\` for ingress, worker and board, and each alert is posted there: once when it begins, again every \`ALERT_REPEAT_S\` while it lasts, and once when it is over. Without \`ALERT_URL\` alerts are only logged, at \`error\`, with the field \`alert\`. \`xw alerts\` lists what is open, and \`xw alerts --test\` posts one as a test.

\`\`\`json
{
  "text": "Alert no-worker: No worker is running, and 12 events wait. What to do: docs/alerts.md#no-worker",
  "alerts": [
    {
      "alert": "no-worker",
      "state": "raised",
      "subject": "",
      "text": "No worker is running, and 12 events wait",
      "since": "2026-11-30T09:12:00.000Z"
    }
  ]
}
\`\`\`

Incoming webhooks of Slack, Mattermost and Teams show the \`text\`. \`state\` is \`raised\`, \`still open\` or \`resolved\`; \`subject\` is the handler or the organisation's id, where there is an alert of each. For another receiver, \`ALERT_TEMPLATE\` is the JSON to post, with \`{{text}}\` inside one of its texts:

\`\`\`sh
ALERT_TEMPLATE='{"routing_key": "…", "event_action": "trigger", "payload": {"summary": "{{text}}", "source": "xero-webhooks", "severity": "error"}}'
\`\`\`

What changes in one look is one post. Of all processes, one looks for all, every \`ALERT_INTERVAL_S\`; if it ends, another takes over. What is open is kept in Redis, so that nothing is told twice. An alert that cannot be posted is posted with the next look. Three alerts come from each ingress, out of its own memory, because Redis being away is their main cause: with several ingresses, each posts them.

\`deploy/prometheus/alerts.yml\` has the same as rules for Prometheus, for those who have an Alertmanager. [configuration.md](configuration.md#alerts) has the bounds.
`;

/** The text of docs/alerts.md. */
export function alertsDoc(): string {
  return [INTRODUCTION, ...Object.entries<AlertEntry>(ALERTS).map(section)].join('\n');
}

function section([name, { meaning, remedy, by, each }]: [string, AlertEntry]): string {
  const raised = by === 'each ingress' ? 'Each ingress raises it for itself.' : '';
  const subject = each ? `Each ${each} has an alert of its own.` : '';
  return `## ${name}\n\n${[meaning, subject, raised].filter(Boolean).join(' ')}\n\nWhat to do: ${remedy}\n`;
}

/** The text of deploy/prometheus/alerts.yml. */
export function alertRules(): string {
  return `${MADE}groups:\n${indented(groups(), 2)}`;
}

/** The same for the Prometheus operator: the text of deploy/kubernetes/components/monitoring/rules.yaml. */
export function prometheusRule(): string {
  return `${MADE}apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: xero-webhooks
spec:
  groups:
${indented(groups(), 4)}`;
}

const MADE = '# Made by "pnpm run docs" from packages/monitoring/src/alerts/alerts.ts: change it there.\n';

function groups(): string {
  const rules = Object.entries<AlertEntry>(ALERTS).map(([name, { meaning, rule }]) => {
    return `    - alert: ${name}
      expr: ${quoted(rule.expr)}
      for: ${rule.for}
      labels:
        severity: ${rule.severity}
      annotations:
        summary: ${quoted(meaning)}
        runbook: docs/alerts.md#${name}
`;
  });
  return `- name: xero-webhooks\n  rules:\n${rules.join('')}`;
}

function indented(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}

/** As the formatter has it. Whatever JSON is is also YAML. */
function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/alerts.md', import.meta.url), alertsDoc());
  writeFileSync(new URL('../deploy/prometheus/alerts.yml', import.meta.url), alertRules());
  writeFileSync(new URL('../deploy/kubernetes/components/monitoring/rules.yaml', import.meta.url), prometheusRule());
}
