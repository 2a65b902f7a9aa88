import { spanText } from '@xero-webhooks/runtime/span-text';
import type { Backfill } from '@xero-webhooks/backfill';
import type { OpenAlert, SystemState } from '@xero-webhooks/monitoring';
import type { WebhookHealth } from '@xero-webhooks/queue';
import type { Tenant } from '@xero-webhooks/operations';
import type { EventRecord } from '@xero-webhooks/record';
import { eventsTable } from '../events/view.ts';
import type { HandlerFigures } from '../handlers/handler-figures.ts';
import { workersContent } from '../handlers/view.ts';
import { outageContent } from './outage.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, definitionsOf, timeOf } from '../page/parts.ts';
import { DEAD_LETTERS_PATH, EVENTS_PATH, HANDLERS_PATH, QUARANTINE_PATH } from '../paths.ts';
import { chartOf } from './chart.ts';
import { failuresContent } from './failures.ts';
import type { Minute } from './minutes.ts';
import { organisationsContent } from './organisations.ts';

export type OverviewPage = {
  readonly alerts: readonly OpenAlert[];
  readonly system: SystemState;
  readonly webhook: WebhookHealth;
  /** The newest first. */
  readonly backfills: readonly Backfill[];
  readonly minutes: readonly Minute[];
  /** Of the events that the chart is drawn from. */
  readonly handlers: readonly HandlerFigures[];
  readonly tenants: readonly Tenant[];
  /** The newest that are neither handled nor waiting for their first run. */
  readonly troubled: readonly EventRecord[];
  /** Where the page listens for changes. */
  readonly live: string;
  readonly link: (path: string) => string;
};

/** Alerts that are listed one by one. */
const LISTED_ALERTS = 10;

/** From when on the age of the oldest waiting event is shown, and is a warning, in milliseconds. */
const SHOWN_MS = 1_000;
const LATE_MS = 60_000;

/** How the system is, in one look. */
export function overviewContent(page: OverviewPage): Html {
  const { handlers, minutes, system, tenants, troubled, webhook, link } = page;
  return html`
    <h1>Overview</h1>
    <div data-live="${link(page.live)}">
      ${alertsContent(page.alerts)} ${outageContent(webhook.outage, page.backfills, link)} ${figures(page)}
      <h2>Events a minute</h2>
      ${chartOf(minutes)}
      <p class="hint"><span class="key in"></span> received <span class="key out"></span> handled or given up</p>
      <h2>Webhook</h2>
      ${webhookContent(webhook)}
      <h2>Trouble</h2>
      ${
        troubled.length === 0
          ? html`<p class="empty">No event on record is failing, parked, or a dead letter.</p>`
          : eventsTable(troubled, link)
      }
      ${failuresContent(handlers, minutes.length, link)} ${organisationsContent(tenants, link)}
      ${workersContent(system.workers)}
    </div>
  `;
}

/** What somebody should see to, the oldest first. */
function alertsContent(alerts: readonly OpenAlert[]): Html | undefined {
  if (alerts.length === 0) return undefined;
  return html`<ul class="notice fault alerts">
    ${alerts.slice(0, LISTED_ALERTS).map(({ text, since }) => html`<li>${text} <span class="reason">since ${timeOf(since)}</span></li>`)}
    ${alerts.length > LISTED_ALERTS ? html`<li>and ${(alerts.length - LISTED_ALERTS).toLocaleString('en')} more</li>` : undefined}
  </ul>`;
}

/** What the last requests came to. */
function webhookContent({ last, keyIndex }: WebhookHealth): Html {
  const at = (time: number | undefined): Html | string => (time === undefined ? 'never' : timeOf(time));
  const isRefusing =
    last['signature-mismatch'] !== undefined &&
    last['signature-mismatch'] > Math.max(last.accepted ?? 0, last['intent-to-receive'] ?? 0);
  return html`${definitionsOf([
    ['Last request accepted', at(last.accepted)],
    ['Last intent to receive', at(last['intent-to-receive'])],
    ['Last signature refused', at(last['signature-mismatch'])],
    ['Last answered 503', at(last.refused)],
    ['Key that matched', keyIndex === undefined ? 'none yet' : `number ${keyIndex + 1} in XERO_WEBHOOK_KEY`],
  ])}
  ${
    isRefusing
      ? html`<p class="hint">
          A refused signature is normal in Xero's check of the intent to receive. If all are refused, the key is wrong:
          see docs/troubleshooting.md.
        </p>`
      : undefined
  }`;
}

function figures({ system, link }: OverviewPage): Html {
  const { waiting, active, delayed, deadLetters: dead, quarantined, waitingSince, workers } = system;
  const waitedMs = waitingSince === undefined ? 0 : Date.now() - waitingSince;
  const figure = (path: string, count: number, label: string, kind = ''): Html =>
    html`<a class="figure ${kind}" href="${link(path)}"
      ><strong>${count.toLocaleString('en')}</strong><span>${label}</span></a
    >`;
  const state = (name: string): string => `${EVENTS_PATH}?state=${name}`;
  return html`<div class="figures">
    ${figure(
      state('received'),
      waiting,
      waitedMs < SHOWN_MS ? 'waiting' : `waiting, the oldest for ${spanText(waitedMs)}`,
      waitedMs > LATE_MS ? 'warn' : '',
    )}
    ${figure(EVENTS_PATH, active, 'at work')} ${figure(state('failing'), delayed, 'delayed: tried again later')}
    ${figure(DEAD_LETTERS_PATH, dead, dead === 1 ? 'dead letter' : 'dead letters', dead > 0 ? 'bad' : '')}
    ${figure(QUARANTINE_PATH, quarantined, 'in quarantine', quarantined > 0 ? 'warn' : '')}
    ${figure(HANDLERS_PATH, workers.length, `${countOf(workers.length, 'worker').replace(/^\S+ /, '')} running`, workers.length === 0 ? 'bad' : '')}
  </div>`;
}
