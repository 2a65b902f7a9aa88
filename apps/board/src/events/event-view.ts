import type { FoundEvent } from '@xero-webhooks/queue';
import type { EventRecord } from '@xero-webhooks/record';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { copyable, definitionsOf, stateOf, timeOf } from '../page/parts.ts';
import { QUEUES_PATH } from '../paths.ts';
import { redact } from './redact.ts';
import { entryText, eventPath } from './view.ts';

/** What can be done about an event from its page. */
export type EventAction = 'retry' | 'drop' | 'run-now';

export type EventPage = {
  readonly tenantId: string;
  readonly key: string;
  readonly record: EventRecord | undefined;
  readonly found: FoundEvent | undefined;
  readonly readOnly: boolean;
  /** Fields of the payload that are not shown. */
  readonly redacted: readonly string[];
  readonly notice: string | undefined;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

/** Longest payload and stack that are shown, in characters. */
const MAX_SHOWN = 64_000;

/** Where an event stands of which nothing is on record. */
const STATE_OF: Readonly<Record<FoundEvent['set'], string>> = {
  failed: 'dead',
  completed: 'handled',
  delayed: 'delayed',
  waiting: 'received',
  active: 'received',
};

/** One event: where it stands, what happened, what the handlers said, and its payload. */
export function eventContent(page: EventPage): Html {
  const { record, found, key, tenantId, notice } = page;
  const event = found?.event.data?.event;
  const name = record?.name ?? found?.event.name ?? '';
  const resourceId = record?.resourceId ?? event?.resourceId ?? '';
  const receivedAt = record?.receivedAt ?? found?.event.data?.receivedAt;
  const state = record?.state ?? (found && STATE_OF[found.set]) ?? '';
  return html`
    <h1>${name} ${stateOf(state)}</h1>
    ${notice && html`<p class="notice" role="status">${notice}</p>`} ${actions(page)}
    ${definitionsOf([
      ['Resource', copyable(resourceId)],
      ['Organisation', copyable(tenantId)],
      ['Key', copyable(key)],
      ...(receivedAt === undefined ? [] : [['Received', timeOf(receivedAt)] as const]),
      ['Changed in Xero', record?.eventDateUtc ?? event?.eventDateUtc ?? ''],
      ['Delivery', record?.deliveryId ?? found?.event.data?.deliveryId ?? ''],
      ['Links', links(page, name, resourceId)],
    ])}
    <h2>What happened</h2>
    ${
      record === undefined
        ? html`<p class="empty">Nothing is on record of this event (RECORD, RECORD_RETENTION_S).</p>`
        : timeline(record)
    }
    ${said(found)} ${payload(found, page.redacted)}
  `;
}

function actions({ found, readOnly, tenantId, key, formField, link }: EventPage): Html | undefined {
  if (readOnly || !found) return undefined;
  const button = (action: EventAction, label: string, kind: string): Html => html`
    <form method="post" action="${link(`${eventPath({ tenantId, jobId: key })}/${action}`)}">
      ${formField}<button type="submit" class="${kind}">${label}</button>
    </form>
  `;
  if (found.set === 'failed') {
    return html`<div class="actions">${button('retry', 'Retry', 'primary')} ${button('drop', 'Drop', 'danger')}</div>`;
  }
  if (found.set === 'delayed') return html`<div class="actions">${button('run-now', 'Run now', 'primary')}</div>`;
  return undefined;
}

function links({ found, key, link }: EventPage, name: string, resourceId: string): Html {
  const inXero = xeroPage(name, resourceId);
  return html`${
    found
      ? html`<a href="${link(`${QUEUES_PATH}/queue/${found.queue}/${encodeURIComponent(key)}`)}">Bull Board</a>`
      : 'its job is gone'
  }${
    inXero === undefined
      ? undefined
      : html`, <a href="${inXero}" rel="noreferrer" target="_blank">Xero</a> (in the organisation you used last)`
  }`;
}

/** Where Xero shows a resource (https://developer.xero.com/documentation/guides/how-to-guides/deep-link-xero). */
function xeroPage(name: string, resourceId: string): string | undefined {
  const id = encodeURIComponent(resourceId);
  switch (name.split('.')[0]) {
    case 'invoice':
      return `https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=${id}`;
    case 'contact':
      return `https://go.xero.com/Contacts/View/${id}`;
    default:
      return undefined;
  }
}

function timeline({ receivedAt, source, deliveryId, entries }: EventRecord): Html {
  return html`<ol class="timeline">
    <li class="received">${timeOf(receivedAt)}<span>received by ${source}, delivery ${deliveryId}</span></li>
    ${entries.map((entry) => {
      const { mark, text } = entryText(entry);
      return html`<li class="${mark}">${entry.kind === 'gap' ? '' : timeOf(entry.at)}<span>${text}</span></li>`;
    })}
  </ol>`;
}

/** The errors of handlers that have not succeeded, whole. */
function said(found: FoundEvent | undefined): Html | undefined {
  const open = (found?.event.handlers ?? []).flatMap((entry) => (entry.state === 'ok' ? [] : [entry]));
  if (open.length === 0) return undefined;
  return html`<h2>What the handlers said</h2>
    ${open.map(
      ({ handler, failures, details }) =>
        html`<h3>${handler}, failed ${failures === 1 ? 'once' : `${failures} times`}</h3>
          <pre tabindex="0">${(details.stack || details.reason).slice(0, MAX_SHOWN)}</pre>`,
    )}`;
}

function payload(found: FoundEvent | undefined, redacted: readonly string[]): Html {
  const event = found?.event.data?.event;
  if (!event) {
    return html`<h2>Payload</h2>
      <p class="empty">The payload is no longer kept (EVENT_RETENTION_S, EVENT_RETENTION_COUNT).</p>`;
  }
  const text = JSON.stringify(redact(event, redacted), undefined, 2);
  const cut = text.length > MAX_SHOWN;
  return html`<h2>Payload</h2>
    <pre tabindex="0">${cut ? `${text.slice(0, MAX_SHOWN)}\n…` : text}</pre>
    ${cut ? html`<p class="hint">Cut after ${MAX_SHOWN} of ${text.length} characters.</p>` : undefined}`;
}
