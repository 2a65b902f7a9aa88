import { spanText } from '@xero-webhooks/runtime/span-text';
import type { Tenant } from '@xero-webhooks/operations';
import type { BackgroundAction } from '../page/background.ts';
import { backgroundContent } from '../page/background-view.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, tableOf, timeOf } from '../page/parts.ts';
import { DISCONNECT_PATH, EVENTS_PATH, FORGET_PATH, START_PATH } from '../paths.ts';
import { usageBars } from './usage-bars.ts';
import type { ConnectMode } from './mode.ts';

/** What happened last, at the top of the page. */
export type Notice = 'connected' | 'disconnected' | 'disconnected-here' | 'absent' | 'forgotten';

const NOTICES: Readonly<Record<Notice, string>> = {
  connected: 'Connected. Handlers can now read the data of these organisations.',
  disconnected: 'Disconnected, here and at Xero.',
  'disconnected-here':
    'Disconnected here, but not at Xero, which no longer accepts the old access. If Xero still lists the app under Connected apps, remove it there.',
  absent: 'That organisation was no longer connected.',
  forgotten:
    'What is stored of the organisation is erased, except for events that are being handled right now: do it again if it is still listed.',
};

/** The query with which the connect page shows a notice. */
export function noticeQuery(notice: Notice): { notice: Notice } {
  return { notice };
}

/** Whether a text names a notice. */
export function isNotice(text: unknown): text is Notice {
  return typeof text === 'string' && Object.hasOwn(NOTICES, text);
}

export type ConnectOptions = {
  readonly mode: ConnectMode;
  /** Those that are connected, the fake ones in development, and others whose events came. */
  readonly tenants: readonly Tenant[];
  /** Calls to Xero on the last days, by organisation. */
  readonly usage: ReadonlyMap<string, readonly number[]>;
  readonly actions: readonly BackgroundAction[];
  /** Whether organisations can be neither connected nor disconnected. */
  readonly readOnly: boolean;
  readonly redirectUri: string;
  /** The hidden field that each form needs. */
  readonly formField: Html;
  readonly notice: Notice | undefined;
  /** Turns a path into the address for the browser. */
  readonly link: (path: string) => string;
};

export function connectContent(options: ConnectOptions): Html {
  const { mode, tenants, readOnly, redirectUri, notice, actions, link } = options;
  const canChange = mode.mode === 'ready' && !readOnly;
  const others = tenants.filter(({ connected }) => connected === undefined);
  const fakes = others.filter(({ name }) => name !== undefined);
  const unnamed = others.filter(({ name }) => name === undefined);
  return html`
    <h1>Organisations</h1>
    ${notice && html`<p class="notice" role="status">${NOTICES[notice]}</p>`} ${backgroundContent(actions)}
    <p>
      A Xero event only says that something has changed. To read the current data, the worker needs access to the
      organisation: one of its users connects it here, once.
    </p>
    ${modeText(mode)}
    ${readOnly ? html`<p class="notice">This board is read-only: BOARD_READ_ONLY is true.</p>` : undefined}
    ${mode.mode === 'ready' ? list(options, canChange) : undefined}
    ${
      canChange
        ? html`<p><a class="button" href="${link(START_PATH)}">Connect organisations</a></p>
            <p class="hint">
              Xero asks which ones, then sends you back here. List this redirect URI in the developer portal:
              <code>${redirectUri}</code>
            </p>`
        : undefined
    }
    ${
      fakes.length === 0
        ? undefined
        : html`<h2>Of the fake Xero</h2>
            ${unconnectedTable(fakes, options)}`
    }
    ${
      unnamed.length === 0
        ? undefined
        : html`<h2>Others whose events came</h2>
            <p>They are not connected here: their tokens come from elsewhere, or they were disconnected.</p>
            ${unconnectedTable(unnamed, options)}`
    }
  `;
}

function modeText(mode: ConnectMode): Html | undefined {
  switch (mode.mode) {
    case 'ready':
      return undefined;
    case 'custom':
      return html`<p class="notice">
        The app is a custom connection (XERO_CUSTOM_CONNECTION is true): it reads its one organisation with its client
        id and secret. There is nothing to connect here.
      </p>`;
    case 'fake':
      return html`<p class="notice">
        The worker reads from the fake Xero on this machine, whose organisations are already connected. To connect real
        ones, set <code>XERO_CLIENT_ID</code>, <code>XERO_CLIENT_SECRET</code> and <code>TOKEN_ENCRYPTION_KEY</code>,
        then restart.
      </p>`;
    case 'incomplete':
      return html`<p class="notice">
          Organisations cannot be connected yet. Set these variables for the board and the worker, then restart:
        </p>
        <ul>
          ${mode.missing.map((name) => html`<li><code>${name}</code>: ${HOW_TO_SET[name]}</li>`)}
        </ul>`;
  }
}

const HOW_TO_SET: Readonly<Record<string, string>> = {
  XERO_CLIENT_ID:
    'the client id of your app in the Xero developer portal; with XERO_CLIENT_SECRET, unless it uses PKCE',
  TOKEN_ENCRYPTION_KEY: '32 random bytes in base64, for example from “openssl rand -base64 32”',
};

function list(options: ConnectOptions, canChange: boolean): Html {
  const connected = options.tenants.filter((tenant) => tenant.connected !== undefined);
  if (connected.length === 0) return html`<p class="empty">No organisation is connected.</p>`;
  return html`<ul class="organisations">
    ${connected.map((tenant) => entry(tenant, options, canChange))}
  </ul>`;
}

function entry(tenant: Tenant, { usage, formField, link }: ConnectOptions, canChange: boolean): Html {
  const { tenantId, name } = tenant;
  const { connectedAt, fault } = tenant.connected!;
  const since = new Date(connectedAt).toISOString().slice(0, 10);
  return html`<li>
    <div>
      <h2>${name}</h2>
      <p class="hint"><code>${tenantId}</code>, connected since <time datetime="${since}">${since}</time></p>
      ${
        fault === undefined
          ? html`<p class="state live">live</p>`
          : html`<p class="state broken">must be connected again: ${fault}</p>`
      }
      <p class="hint">${usageText(tenant)} ${usageBars(usage.get(tenantId) ?? [])}</p>
    </div>
    ${
      canChange
        ? html`<details>
            <summary>Disconnect…</summary>
            <p>This ends the access to ${name} here and at Xero. Its events no longer come.</p>
            <form method="post" action="${link(DISCONNECT_PATH)}">
              <input type="hidden" name="tenantId" value="${tenantId}" />
              ${formField}
              <button type="submit" aria-label="Disconnect ${name}">Disconnect</button>
            </form>
          </details>`
        : undefined
    }
  </li>`;
}

function unconnectedTable(others: readonly Tenant[], { usage, readOnly, formField, link }: ConnectOptions): Html {
  const columns = [
    { title: 'Organisation' },
    { title: 'Last event' },
    { title: 'Calls to Xero' },
    ...(readOnly ? [] : [{ title: '' }]),
  ];
  const rows = others.map((tenant) => [
    organisationCell(tenant, link),
    tenant.lastEventAt === undefined ? '' : timeOf(tenant.lastEventAt),
    html`${usageText(tenant)} ${usageBars(usage.get(tenant.tenantId) ?? [])}`,
    ...(readOnly
      ? []
      : [
          html`<details>
            <summary>Forget…</summary>
            <p>
              This erases its events, handled or not, and what happened to them. What Xero still sends is stored again.
            </p>
            <form method="post" action="${link(FORGET_PATH)}">
              <input type="hidden" name="tenantId" value="${tenant.tenantId}" />
              ${formField}
              <button type="submit" class="danger" aria-label="Forget ${tenant.name ?? tenant.tenantId}">Forget</button>
            </form>
          </details>`,
        ]),
  ]);
  return tableOf(columns, rows);
}

/** An organisation, with the way to its events. */
export function organisationCell({ tenantId, name }: Tenant, link: (path: string) => string): Html {
  const events = link(`${EVENTS_PATH}?q=${encodeURIComponent(tenantId)}`);
  return name === undefined
    ? html`<a href="${events}"><code>${tenantId}</code></a>`
    : html`<a href="${events}">${name}</a><br /><code class="reason">${tenantId}</code>`;
}

function usageText({ callsToday, leftToday, blocked }: Tenant): string {
  const left = leftToday === undefined ? '' : `, ${leftToday.toLocaleString('en')} left`;
  return `${countOf(callsToday, 'call')} today${left}${blocked ? `; ${pauseText(blocked)}` : ''}`;
}

/** Until when an organisation cannot be read, and why. */
export function pauseText({ until, limit }: NonNullable<Tenant['blocked']>): string {
  const why = limit === 'outage' ? 'Xero fails' : `${limit} limit`;
  return `may call again in ${spanText(until - Date.now())} (${why})`;
}
