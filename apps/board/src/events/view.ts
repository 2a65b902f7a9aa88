import { spanText } from '@xero-webhooks/runtime/span-text';
import type { EventRecord, RecordEntry } from '@xero-webhooks/record';
import { EVENT_STATES } from '@xero-webhooks/record';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { optionOf } from '../page/option.ts';
import { stateOf, tableOf, timeOf } from '../page/parts.ts';
import { EVENTS_PATH } from '../paths.ts';

/** What was asked for: every field as it was typed. */
export type EventQuery = {
  readonly q: string;
  readonly event: string;
  readonly tenant: string;
  readonly state: string;
  readonly since: string;
};

/** Spans that can be chosen, in milliseconds. */
export const SPANS: Readonly<Record<string, { label: string; ms: number }>> = {
  '': { label: 'any time', ms: Infinity },
  '15m': { label: 'the last 15 minutes', ms: 900_000 },
  '1h': { label: 'the last hour', ms: 3_600_000 },
  '1d': { label: 'the last day', ms: 86_400_000 },
  '7d': { label: 'the last 7 days', ms: 604_800_000 },
};

export type EventsPage = {
  readonly query: EventQuery;
  readonly events: readonly EventRecord[];
  readonly next: string | undefined;
  /** Where the page listens for changes. */
  readonly live: string;
  readonly names: readonly string[];
  readonly link: (path: string) => string;
};

/** The search and what it found, the newest first. */
export function eventsContent({ query, events, next, live, names, link }: EventsPage): Html {
  const more = paramsOf(query);
  if (next !== undefined) more.set('cursor', next);
  return html`
    <h1>Events</h1>
    <form method="get" action="${link(EVENTS_PATH)}" class="filters" role="search">
      <label class="wide"
        >Resource, organisation or key
        <input type="search" name="q" value="${query.q}" placeholder="for example the id of an invoice" />
      </label>
      <label
        >Event
        <select name="event">
          ${optionOf('', 'all', query.event)} ${names.map((name) => optionOf(name, name, query.event))}
        </select>
      </label>
      <label
        >State
        <select name="state">
          ${optionOf('', 'all', query.state)}
          ${EVENT_STATES.map((state) => optionOf(state, state === 'dead' ? 'dead letter' : state, query.state))}
        </select>
      </label>
      <label
        >Received
        <select name="since">
          ${Object.entries(SPANS).map(([value, { label }]) => optionOf(value, label, query.since))}
        </select>
      </label>
      <button type="submit" class="primary">Search</button>
    </form>
    <div data-live="${link(live)}">
      ${events.length === 0 ? nothing(query, next, link) : eventsTable(events, link)}
      ${
        next === undefined
          ? undefined
          : html`<p>
              <a class="button quiet" href="${link(`${EVENTS_PATH}?${more.toString()}`)}"
                >${events.length === 0 ? 'Search further back' : 'Older events'}</a
              >
            </p>`
      }
    </div>
  `;
}

/** What was asked for, as an address has it. */
export function paramsOf(query: EventQuery): URLSearchParams {
  return new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
}

function nothing(query: EventQuery, next: string | undefined, link: (path: string) => string): Html {
  if (next !== undefined) return html`<p class="empty">Nothing fits among the events that were looked at so far.</p>`;
  const isFiltered = Object.values(query).some((value) => value !== '');
  return isFiltered
    ? html`<p class="empty">
        Nothing on record fits. An event is on record for 7 days by default (RECORD_RETENTION_S).
        <a href="${link(EVENTS_PATH)}">Show all events</a>
      </p>`
    : html`<p class="empty">
        No event has arrived yet. Send one with <code>xw simulate invoice.updated</code>, or check what Xero sees with
        <code>xw itr</code> and the address of the ingress.
      </p>`;
}

export function eventsTable(events: readonly EventRecord[], link: (path: string) => string): Html {
  const columns = ['Received', 'Event', 'Resource', 'State', 'Last'].map((title) => ({ title }));
  return tableOf(
    columns,
    events.map((event) => [
      timeOf(event.receivedAt),
      event.name,
      html`<a href="${link(eventPath(event))}"><code>${event.resourceId}</code></a>`,
      stateOf(event.state),
      lastOf(event),
    ]),
  );
}

/** @returns the path of an event's page */
export function eventPath({ tenantId, jobId }: { tenantId: string; jobId: string }): string {
  return `${EVENTS_PATH}/${encodeURIComponent(tenantId)}/${encodeURIComponent(jobId)}`;
}

/** What was tried last, in one line. */
function lastOf({ entries, dueAt, state }: EventRecord): Html | string {
  const attempt = entries.findLast((entry) => entry.kind === 'attempt' && entry.outcome !== 'succeeded');
  if (state === 'handled' || attempt?.kind !== 'attempt') return '';
  const again = dueAt === undefined ? '' : `, again in ${spanText(Math.max(0, dueAt - Date.now()))}`;
  return html`<span class="reason">${attempt.handler}: ${attempt.reason || attempt.outcome}${again}</span>`;
}

/** One thing that happened to an event. */
export function entryText(entry: RecordEntry): { readonly mark: string; readonly text: Html | string } {
  switch (entry.kind) {
    case 'gap':
      return { mark: 'quiet', text: `${entry.left} lines left out` };
    case 'action':
      return { mark: 'action', text: html`${entry.action} by <strong>${entry.by}</strong>` };
    case 'state':
      return {
        mark: entry.state,
        text:
          entry.state === 'waiting'
            ? html`waits until ${timeOf(entry.dueAt)}`
            : {
                handled: 'handled',
                dead: 'dead letter: no handler is tried again',
                unhandled: 'no handler listens to it',
              }[entry.state],
      };
    case 'attempt': {
      const { handler, attempt, outcome, ms, worker, delayMs, reason } = entry;
      const what = {
        succeeded: 'succeeded',
        failed: 'failed',
        'gave-up': 'gave up',
        later: 'asked for a later try',
        parked: 'was parked',
        aborted: 'was aborted',
        lost: 'was lost with its process',
      }[outcome];
      const again = delayMs > 0 ? `, again in ${spanText(delayMs)}` : '';
      return {
        mark: outcome === 'succeeded' ? 'handled' : outcome === 'parked' || outcome === 'later' ? 'waiting' : 'dead',
        text: html`<strong>${handler || 'a handler'}</strong> attempt ${attempt} ${what} after ${spanText(ms)} on
          ${worker}${again}${reason === '' ? undefined : html`<br /><span class="reason">${reason}</span>`}`,
      };
    }
  }
}
