import type { Tenant } from '@xero-webhooks/operations';
import { organisationCell, pauseText } from '../connect/view.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, tableOf } from '../page/parts.ts';
import { CONNECT_PATH } from '../paths.ts';

/** Organisations that are listed. */
const LISTED = 8;

/** Those that cannot be read now, then those that were read most today. */
export function organisationsContent(tenants: readonly Tenant[], link: (path: string) => string): Html {
  const held = tenants.filter(isHeld);
  const listed = [
    ...held,
    ...tenants.filter((tenant) => !isHeld(tenant)).toSorted((a, b) => b.callsToday - a.callsToday),
  ];
  const columns = [
    { title: 'Organisation' },
    { title: 'Reading' },
    { title: 'Calls today', number: true },
    { title: 'Left today', number: true },
  ];
  const rows = listed
    .slice(0, LISTED)
    .map((tenant) => [
      organisationCell(tenant, link),
      readingOf(tenant),
      tenant.callsToday.toLocaleString('en'),
      tenant.leftToday?.toLocaleString('en') ?? '',
    ]);
  const more = tenants.length - LISTED;
  return html`<h2>Organisations</h2>
    ${
      tenants.length === 0
        ? html`<p class="empty">
            None is connected, and no event of one is on record.
            <a href="${link(CONNECT_PATH)}">Connect organisations</a>
          </p>`
        : html`${tableOf(columns, rows)}
            <p class="hint">
              ${held.length === 0 ? '' : `${countOf(held.length, 'organisation')} cannot be read now. `}
              <a href="${link(CONNECT_PATH)}"
                >${more > 0 ? `All, with ${more.toLocaleString('en')} more` : 'Access and usage'}</a
              >
            </p>`
    }`;
}

function isHeld({ blocked, connected }: Tenant): boolean {
  return blocked !== undefined || connected?.fault !== undefined;
}

function readingOf({ blocked, connected }: Tenant): Html | string {
  if (connected?.fault !== undefined)
    return html`<span class="broken">must be connected again: ${connected.fault}</span>`;
  if (blocked) return html`<span class="paused">${pauseText(blocked)}</span>`;
  return 'may call';
}
