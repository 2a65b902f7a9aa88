import type { Backfill, BackfillList, BackfillSum } from '@xero-webhooks/backfill';
import { sumOf } from '@xero-webhooks/backfill';
import type { Tenant } from '@xero-webhooks/operations';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, definitionsOf, stateOf, tableOf, timeOf } from '../page/parts.ts';
import { BACKFILL_PATH } from '../paths.ts';
import { backfillPath } from './view.ts';

export type BackfillPage = {
  readonly backfill: Backfill;
  /** All organisations, for their names. */
  readonly tenants: readonly Tenant[];
  /** Where the page listens for changes. */
  readonly live: string;
  readonly readOnly: boolean;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

const TITLES = { backfill: 'Backfill', reconcile: 'Reconcile', gap: 'Backfill of a gap' } as const;

/** One backfill: what it found, what it takes, and how far it is. */
export function backfillContent(page: BackfillPage): Html {
  const { backfill, readOnly, link } = page;
  const sum = sumOf(backfill);
  return html`
    <h1>${TITLES[backfill.kind]} ${backfill.id}</h1>
    <p><a href="${link(BACKFILL_PATH)}">All backfills</a></p>
    <div data-live="${link(page.live)}">
      <p>${backfill.kind === 'backfill' ? whatIsSo(sum) : whatWasMissed(sum)}</p>
      ${progress(sum)} ${readOnly ? undefined : buttons(page, sum)}
      ${definitionsOf([
        ['State', stateOf(sum.state)],
        ['Changed', html`from ${timeOf(backfill.since)} to ${timeOf(backfill.until)}`],
        ['Asked for', html`${timeOf(backfill.createdAt)} by ${backfill.by}`],
        ['Calls made', sum.calls.toLocaleString('en')],
        ['Resources read', `${sum.read.toLocaleString('en')} of ${sum.found.toLocaleString('en')}`],
        ['Became events', sum.added.toLocaleString('en')],
        ['Needed none', `${sum.known.toLocaleString('en')}: handled in that state or later, or on their way`],
      ])}
      <h2>By organisation</h2>
      ${organisations(page)}
    </div>
  `;
}

function whatIsSo({ state, found, organisations: count, callsLeft, unknown, calls }: BackfillSum): string {
  const what = `${countOf(found, 'resource')} changed in ${countOf(count, 'organisation')}`;
  const cost = `${countOf(callsLeft, 'call')}${unknown > 0 ? ' or more, as Xero does not say how much some lists have' : ''}`;
  switch (state) {
    case 'counting':
      return `The workers are counting what there is, with a call for each list: ${what} so far.`;
    case 'planned':
      return `${what}. Reading them takes ${cost} of Xero's; counting took ${calls.toLocaleString('en')}. Nothing is read before you start.`;
    case 'reading':
      return `${what}. Reading the rest takes ${cost}. Live events go first.`;
    case 'stopped':
      return `Stopped. The rest takes ${cost}.`;
    case 'done':
      return `Done. ${what}.`;
    case 'failed':
      return `${what}. Something could not be read: see below. Starting again tries that again.`;
  }
}

function whatWasMissed({ state, read, added }: BackfillSum): string {
  const missed = `the webhook missed ${added.toLocaleString('en')} of ${countOf(read, 'change')}`;
  return state === 'done' ? `Done: ${missed}.` : `So far ${missed}.`;
}

function progress({ state, read, found }: BackfillSum): Html | undefined {
  if (state !== 'reading' && state !== 'stopped') return undefined;
  return html`<progress
    max="${String(Math.max(1, found))}"
    value="${String(Math.min(read, found))}"
    aria-label="resources read"
  ></progress>`;
}

function buttons({ backfill, formField, link }: BackfillPage, { state, callsLeft }: BackfillSum): Html | undefined {
  const button = (action: string, label: string, kind: string): Html =>
    html`<form method="post" action="${link(`${backfillPath(backfill.id)}/${action}`)}" class="actions">
      ${formField}<button type="submit" class="${kind}">${label}</button>
    </form>`;
  switch (state) {
    case 'planned':
      return button('start', `Start: ${countOf(callsLeft, 'call')}`, 'primary');
    case 'stopped':
    case 'failed':
      return button('start', 'Go on', 'primary');
    case 'reading':
      return button('stop', 'Stop', 'danger');
    case 'counting':
    case 'done':
      return undefined;
  }
}

function organisations({ backfill, tenants }: BackfillPage): Html {
  const names = new Map(tenants.map(({ tenantId, name }) => [tenantId, name]));
  const columns = [
    { title: 'Organisation' },
    { title: 'Category' },
    { title: 'State' },
    { title: 'Found', number: true },
    { title: 'Read', number: true },
    { title: 'Events', number: true },
    { title: 'Calls', number: true },
    { title: 'Trouble' },
  ];
  const shown = backfill.lists.filter(({ found, trouble }) => found !== 0 || trouble !== undefined);
  if (shown.length === 0) return html`<p class="empty">Nothing has changed.</p>`;
  return tableOf(
    columns,
    shown
      .toSorted(byTrouble)
      .map(({ tenantId, category, state, found, read, added, calls, trouble }) => [
        names.get(tenantId) ?? html`<code>${tenantId}</code>`,
        category,
        stateOf(state),
        found?.toLocaleString('en') ?? '?',
        ...[read, added, calls].map((count) => count.toLocaleString('en')),
        html`<span class="reason">${trouble ?? ''}</span>`,
      ]),
  );
}

/** What somebody has to look at comes first. */
function byTrouble(a: BackfillList, b: BackfillList): number {
  const rank = ({ trouble }: BackfillList): number => (trouble === undefined ? 1 : 0);
  return rank(a) - rank(b) || a.tenantId.localeCompare(b.tenantId);
}
