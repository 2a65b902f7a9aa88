import type { ListedOrganisation } from '@xero-webhooks/xero-auth';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { DISCONNECT_PATH, START_PATH } from '../paths.ts';
import type { ConnectMode } from './mode.ts';

/** What happened last, at the top of the page. */
export type Notice = 'connected' | 'disconnected' | 'disconnected-here' | 'absent';

const NOTICES: Readonly<Record<Notice, string>> = {
  connected: 'Connected. Handlers can now read the data of these organisations.',
  disconnected: 'Disconnected, here and at Xero.',
  'disconnected-here':
    'Disconnected here, but not at Xero, which no longer accepts the old access. If Xero still lists the app under Connected apps, remove it there.',
  absent: 'That organisation was no longer connected.',
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
  readonly organisations: readonly ListedOrganisation[];
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
  const { mode, organisations, readOnly, redirectUri, formField, notice, link } = options;
  const canChange = mode.mode === 'ready' && !readOnly;
  return html`
    <h1>Connected organisations</h1>
    ${notice && html`<p class="notice" role="status">${NOTICES[notice]}</p>`}
    <p>
      A Xero event only says that something has changed. To read the current data, the worker needs access to the
      organisation: one of its users connects it here, once.
    </p>
    ${modeText(mode)}
    ${readOnly ? html`<p class="notice">This board is read-only: BOARD_READ_ONLY is true.</p>` : undefined}
    ${mode.mode === 'ready' ? list(organisations, canChange ? { field: formField, action: link(DISCONNECT_PATH) } : undefined) : undefined}
    ${
      canChange
        ? html`<p><a class="button" href="${link(START_PATH)}">Connect organisations</a></p>
            <p class="hint">
              Xero asks which ones, then sends you back here. List this redirect URI in the developer portal:
              <code>${redirectUri}</code>
            </p>`
        : undefined
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

/** The form beside an organisation. */
type Form = { readonly field: Html; readonly action: string };

function list(organisations: readonly ListedOrganisation[], form: Form | undefined): Html {
  if (organisations.length === 0) return html`<p class="empty">No organisation is connected.</p>`;
  return html`<ul class="organisations">
    ${organisations.map((organisation) => entry(organisation, form))}
  </ul>`;
}

function entry(organisation: ListedOrganisation, form: Form | undefined): Html {
  const { tenantId, name, connectedAt, fault } = organisation;
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
    </div>
    ${
      form === undefined
        ? undefined
        : html`<form method="post" action="${form.action}">
            <input type="hidden" name="tenantId" value="${tenantId}" />
            ${form.field}
            <button type="submit" aria-label="Disconnect ${name}">Disconnect</button>
          </form>`
    }
  </li>`;
}
