import { reasonOf } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';
import type { BackgroundAction } from '../page/background.ts';
import { backgroundContent } from '../page/background-view.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, tableOf, timeOf } from '../page/parts.ts';
import { eventPath } from '../events/view.ts';
import { DEAD_LETTERS_PATH } from '../paths.ts';

/** Dead letters that failed in one handler for one reason. */
export type Group = {
  readonly handler: string;
  readonly reason: string;
  readonly count: number;
  readonly latest: number;
};

/** What is acted on: some by their keys, a group, or all. */
export type Choice =
  | { readonly of: 'keys'; readonly keys: readonly string[] }
  | { readonly of: 'group'; readonly handler: string; readonly reason: string }
  | { readonly of: 'all' };

export type DeadLettersPage = {
  readonly total: number;
  /** The newest, so many at most. */
  readonly events: readonly StoredEvent[];
  readonly group: { readonly handler: string; readonly reason: string } | undefined;
  readonly actions: readonly BackgroundAction[];
  readonly readOnly: boolean;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

/** Rows that are shown. */
const SHOWN = 100;

export function deadLettersContent(page: DeadLettersPage): Html {
  const { total, events, group, actions, link } = page;
  const shown = group ? events.filter((event) => isOfGroup(event, group)) : events;
  return html`
    <h1>Dead letters</h1>
    ${backgroundContent(actions)}
    ${
      total === 0
        ? html`<p class="empty">
            No event has failed for good. One does when a handler gives up, or has failed RETRY_ATTEMPTS times.
          </p>`
        : html`
            <p>
              ${countOf(total, 'event')} failed for good and ${total === 1 ? 'waits' : 'wait'} for somebody to retry or
              drop ${total === 1 ? 'it' : 'them'}.
              ${total > events.length ? `Below are the newest ${events.length.toLocaleString('en')}.` : ''}
            </p>
            ${
              group
                ? html`<p>
                    Only <strong>${group.handler}</strong>: <span class="reason">${group.reason}</span>.
                    <a href="${link(DEAD_LETTERS_PATH)}">Show all</a>
                  </p>`
                : groupTable(page)
            }
            ${list(page, shown)}
          `
    }
  `;
}

function groupTable({ events, total, readOnly, formField, link }: DeadLettersPage): Html {
  const groups = groupsOf(events);
  const columns = [
    { title: 'Handler' },
    { title: 'Reason' },
    { title: 'Count', number: true },
    { title: 'Latest' },
    ...(readOnly ? [] : [{ title: '' }]),
  ];
  const rows = groups.map(({ handler, reason, count, latest }) => {
    const query = new URLSearchParams({ handler, reason }).toString();
    return [
      handler,
      html`<a class="reason" href="${link(`${DEAD_LETTERS_PATH}?${query}`)}">${reason}</a>`,
      count.toLocaleString('en'),
      timeOf(latest),
      ...(readOnly
        ? []
        : [
            html`<form method="post" action="${link(`${DEAD_LETTERS_PATH}/confirm`)}" class="buttons">
              ${formField}<input type="hidden" name="handler" value="${handler}" />
              <input type="hidden" name="reason" value="${reason}" />
              <button type="submit" name="action" value="retry" aria-label="Retry those of ${handler}: ${reason}">
                Retry
              </button>
              <button
                type="submit"
                name="action"
                value="drop"
                class="danger"
                aria-label="Drop those of ${handler}: ${reason}"
              >
                Drop
              </button>
            </form>`,
          ]),
    ];
  });
  return html`<h2>By handler and reason</h2>
    ${tableOf(columns, rows)}
    ${
      readOnly
        ? undefined
        : html`<form method="post" action="${link(`${DEAD_LETTERS_PATH}/confirm`)}" class="actions">
            ${formField}<input type="hidden" name="all" value="yes" />
            <button type="submit" name="action" value="retry">Retry all ${total.toLocaleString('en')}</button>
            <button type="submit" name="action" value="drop" class="danger">Drop all</button>
          </form>`
    }`;
}

function list({ readOnly, formField, link }: DeadLettersPage, events: readonly StoredEvent[]): Html {
  const columns = ['Failed', 'Event', 'Resource', 'Organisation', 'Reason'].map((title) => ({ title }));
  const box = (event: StoredEvent): Html =>
    html`<input type="checkbox" name="key" value="${event.id}" aria-label="Choose ${event.name} ${event.id}" />`;
  const rows = events
    .slice(0, SHOWN)
    .map((event) => [
      ...(readOnly ? [] : [box(event)]),
      timeOf(event.at),
      event.name,
      resourceLink(event, link),
      html`<code>${event.data?.event.tenantId ?? ''}</code>`,
      html`<span class="reason">${reasonOf(event)}</span>`,
    ]);
  const table = tableOf([...(readOnly ? [] : [{ title: '' }]), ...columns], rows);
  const cut = events.length > SHOWN ? html`<p class="hint">The newest ${SHOWN} of them are listed.</p>` : undefined;
  if (readOnly)
    return html`<h2>The newest</h2>
      ${table}${cut}`;
  return html`<h2>The newest</h2>
    <form method="post" action="${link(`${DEAD_LETTERS_PATH}/confirm`)}">
      ${formField} ${table} ${cut}
      <div class="actions">
        <label class="inline"><input type="checkbox" data-all /> all that are listed</label>
        <button type="submit" name="action" value="retry" class="primary">Retry the chosen</button>
        <button type="submit" name="action" value="drop" class="danger">Drop the chosen</button>
      </div>
    </form>`;
}

function resourceLink({ id, data }: StoredEvent, link: (path: string) => string): Html | string {
  if (!data) return 'not an event';
  const { tenantId, resourceId } = data.event;
  return html`<a href="${link(eventPath({ tenantId, jobId: id }))}"><code>${resourceId}</code></a>`;
}

export function groupsOf(events: readonly StoredEvent[]): Group[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    for (const { handler, reason } of failuresOf(event)) {
      const name = JSON.stringify([handler, reason]);
      const { count = 0, latest = 0 } = groups.get(name) ?? {};
      groups.set(name, { handler, reason, count: count + 1, latest: Math.max(latest, event.at) });
    }
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}

export function isOfGroup(event: StoredEvent, group: { handler: string; reason: string }): boolean {
  return failuresOf(event).some(({ handler, reason }) => handler === group.handler && reason === group.reason);
}

/** What failed for good of an event; the worker itself where no handler is known. */
function failuresOf({ handlers, reason }: StoredEvent): { handler: string; reason: string }[] {
  const failures = handlers.flatMap((entry) =>
    entry.state === 'ok' ? [] : [{ handler: entry.handler, reason: entry.details.reason }],
  );
  return failures.length > 0 ? failures : [{ handler: 'the worker', reason }];
}

export type ConfirmPage = {
  readonly action: 'retry' | 'drop';
  readonly choice: Choice;
  /** How many of the newest it is, and of how many. */
  readonly count: number;
  readonly among: number;
  readonly total: number;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

/** Asks back, with the count. */
export function confirmContent({ action, choice, count, among, total, formField, link }: ConfirmPage): Html {
  const verb = action === 'retry' ? 'Retry' : 'Drop';
  const isPart = choice.of !== 'keys' && among < total;
  const what = isPart
    ? `${countOf(count, 'dead letter')} of the newest ${among.toLocaleString('en')}, and those like them among all ${total.toLocaleString('en')}`
    : countOf(count, 'dead letter');
  return html`
    <h1>${verb} ${what}?</h1>
    ${
      choice.of === 'group'
        ? html`<p>Those of <strong>${choice.handler}</strong>: <span class="reason">${choice.reason}</span></p>`
        : undefined
    }
    <p>
      ${
        action === 'retry'
          ? 'Handlers that have succeeded do not run again; the others have all their attempts anew.'
          : 'No handler runs for them again, and they count as settled: a duplicate from Xero is dropped as well.'
      }
    </p>
    <form method="post" action="${link(`${DEAD_LETTERS_PATH}/act`)}" class="actions">
      ${formField} ${hidden(choice)}
      <button type="submit" name="action" value="${action}" class="${action === 'retry' ? 'primary' : 'danger'}">
        ${verb} ${countOf(count, 'dead letter')}
      </button>
      <a class="button quiet" href="${link(DEAD_LETTERS_PATH)}">Cancel</a>
    </form>
  `;
}

function hidden(choice: Choice): Html | readonly Html[] {
  const field = (name: string, value: string): Html => html`<input type="hidden" name="${name}" value="${value}" />`;
  switch (choice.of) {
    case 'all':
      return field('all', 'yes');
    case 'group':
      return [field('handler', choice.handler), field('reason', choice.reason)];
    case 'keys':
      return choice.keys.map((key) => field('key', key));
  }
}
