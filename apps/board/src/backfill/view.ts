import type { Backfill } from '@xero-webhooks/backfill';
import { sumOf } from '@xero-webhooks/backfill';
import type { Tenant } from '@xero-webhooks/operations';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { optionOf } from '../page/option.ts';
import { stateOf, tableOf, timeOf } from '../page/parts.ts';
import { BACKFILL_PATH } from '../paths.ts';

export type BackfillsPage = {
  /** The newest first. */
  readonly latest: readonly Backfill[];
  /** The organisations that can be read. */
  readonly tenants: readonly Tenant[];
  /** Whether a worker is running that can read. */
  readonly isPossible: boolean;
  /** What the form has at first, in milliseconds since 1970. */
  readonly since: number;
  readonly until: number | undefined;
  readonly readOnly: boolean;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

export function backfillsContent(page: BackfillsPage): Html {
  return html`
    <h1>Backfill</h1>
    <p>
      Finds in Xero what has changed in a span of time, and has handled what no webhook has told: after an outage of the
      endpoint, or to fill a new system. It is counted first; nothing is read before you start it.
    </p>
    ${
      page.isPossible
        ? undefined
        : html`<p class="notice fault">
            No running worker can read from Xero, and workers do the reading. Start one, and say where access tokens
            come from.
          </p>`
    }
    ${page.readOnly ? undefined : form(page)}
    <h2>The latest</h2>
    ${latestContent(page)}
  `;
}

function form({ tenants, since, until, formField, link }: BackfillsPage): Html {
  return html`<form method="post" action="${link(BACKFILL_PATH)}" class="filters">
    ${formField}
    <label
      >Changed since (UTC)
      <input type="datetime-local" name="since" value="${minuteOf(since)}" required="required" />
    </label>
    <label
      >until (UTC; empty: now)
      <input type="datetime-local" name="until" value="${until === undefined ? '' : minuteOf(until + 59_999)}" />
    </label>
    <label
      >Organisation
      <select name="tenant">
        ${optionOf('', 'all', '')} ${tenants.map(({ tenantId, name }) => optionOf(tenantId, name ?? tenantId, ''))}
      </select>
    </label>
    <label
      >Category
      <select name="category">
        ${optionOf('', 'all', '')} ${RESOURCE_CATEGORIES.map((category) => optionOf(category, category, ''))}
      </select>
    </label>
    <button type="submit" class="primary">Count what there is</button>
  </form>`;
}

/** As such a field takes it. */
function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}

function latestContent({ latest, link }: BackfillsPage): Html {
  if (latest.length === 0) return html`<p class="empty">There was none in the last week.</p>`;
  const columns = [
    { title: 'Asked for' },
    { title: 'By' },
    { title: 'Changed since' },
    { title: 'Until' },
    { title: 'State' },
    { title: 'Found', number: true },
    { title: 'Events', number: true },
    { title: 'Calls', number: true },
  ];
  const rows = latest.map((backfill) => {
    const { state, found, added, calls } = sumOf(backfill);
    return [
      html`<a href="${link(backfillPath(backfill.id))}">${timeOf(backfill.createdAt)}</a>`,
      backfill.by,
      timeOf(backfill.since),
      timeOf(backfill.until),
      stateOf(state),
      ...[found, added, calls].map((count) => count.toLocaleString('en')),
    ];
  });
  return tableOf(columns, rows);
}

export function backfillPath(id: string): string {
  return `${BACKFILL_PATH}/${encodeURIComponent(id)}`;
}
