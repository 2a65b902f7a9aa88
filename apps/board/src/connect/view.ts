import type { ConnectedOrganisation } from '@xero-webhooks/xero-auth';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { ConnectMode } from './mode.ts';
import { CONNECT_PATH, DISCONNECT_PATH, QUEUES_PATH, START_PATH, STYLE_PATH } from '../paths.ts';

/** What happened last, at the top of the page. */
export type Notice = 'connected' | 'disconnected' | 'disconnected-here' | 'absent';

const NOTICES: Readonly<Record<Notice, string>> = {
  connected: 'Connected. Events of these organisations can be read now.',
  disconnected: 'Disconnected, here and at Xero.',
  'disconnected-here':
    'Disconnected here. Xero could not be told, because it did not accept the old access any more: if the app is still listed under Connected apps in Xero, remove it there.',
  absent: 'That organisation was not connected any more.',
};

/** Whether a text names a notice. */
export function isNotice(text: unknown): text is Notice {
  return typeof text === 'string' && Object.hasOwn(NOTICES, text);
}

/** What the page of connected organisations shows. */
export type ConnectPage = {
  readonly mode: ConnectMode;
  readonly organisations: readonly ConnectedOrganisation[];
  /** Whether nothing may be changed. */
  readonly readOnly: boolean;
  readonly redirectUri: string;
  /** What a form has to send along to show that it is the board's own. */
  readonly formToken: string;
  readonly notice: Notice | undefined;
  /** The path below which browsers see the board, without a slash at its end. */
  readonly basePath: string;
};

/** The page of connected organisations. */
export function connectPage(options: ConnectPage): string {
  const { mode, organisations, readOnly, redirectUri, formToken, notice, basePath } = options;
  const canChange = mode.mode === 'ready' && !readOnly;
  const content = html`
    <h1>Connected organisations</h1>
    ${notice && html`<p class="notice" role="status">${NOTICES[notice]}</p>`}
    <p>
      A Xero event says only that something changed. To read what it is now, the worker needs access to the
      organisation: a user of it connects it here, once.
    </p>
    ${modeText(mode)}
    ${readOnly ? html`<p class="notice">This board only shows: BOARD_READ_ONLY is true.</p>` : undefined}
    ${mode.mode === 'ready' ? list(organisations, canChange ? { formToken, action: `${basePath}${DISCONNECT_PATH}` } : undefined) : undefined}
    ${
      canChange
        ? html`<p><a class="button" href="${basePath}${START_PATH}">Connect organisations</a></p>
            <p class="hint">
              Xero asks which ones, and sends you back here. The developer portal has to list this redirect URI:
              <code>${redirectUri}</code>
            </p>`
        : undefined
    }
  `;
  return page(content, basePath);
}

function modeText(mode: ConnectMode): Html | undefined {
  switch (mode.mode) {
    case 'ready':
      return undefined;
    case 'custom':
      return html`<p class="notice">
        The app is a custom connection (XERO_CUSTOM_CONNECTION is true): it reads its one organisation with its client
        id and secret, and there is nothing to connect here.
      </p>`;
    case 'fake':
      return html`<p class="notice">
        The worker reads a fake Xero on this machine, whose organisations are connected already. To connect real ones,
        set
        <code>XERO_CLIENT_ID</code>, <code>XERO_CLIENT_SECRET</code> and <code>TOKEN_ENCRYPTION_KEY</code>, and start
        again.
      </p>`;
    case 'incomplete':
      return html`<p class="notice">
          Organisations cannot be connected yet. Set these variables for the board and the worker, and start again:
        </p>
        <ul>
          ${mode.missing.map((name) => html`<li><code>${name}</code>: ${HOW_TO_SET[name]}</li>`)}
        </ul>`;
  }
}

const HOW_TO_SET: Readonly<Record<string, string>> = {
  XERO_CLIENT_ID:
    'the client id of your app in the Xero developer portal; with XERO_CLIENT_SECRET, unless it uses PKCE',
  TOKEN_ENCRYPTION_KEY: '32 random bytes in base64, as “openssl rand -base64 32” makes them',
};

/** The form beside an organisation. */
type Form = { readonly formToken: string; readonly action: string };

function list(organisations: readonly ConnectedOrganisation[], form: Form | undefined): Html {
  if (organisations.length === 0) return html`<p class="empty">No organisation is connected.</p>`;
  return html`<ul class="organisations">
    ${organisations.map((organisation) => entry(organisation, form))}
  </ul>`;
}

function entry(organisation: ConnectedOrganisation, form: Form | undefined): Html {
  const { tenantId, name, connectedAt, fault } = organisation;
  const since = new Date(connectedAt).toISOString().slice(0, 10);
  return html`<li>
    <div>
      <h2>${name}</h2>
      <p class="hint"><code>${tenantId}</code>, connected since <time datetime="${since}">${since}</time></p>
      ${
        fault === undefined
          ? html`<p class="state live">live</p>`
          : html`<p class="state broken">has to be connected again: ${fault}</p>`
      }
    </div>
    ${
      form === undefined
        ? undefined
        : html`<form method="post" action="${form.action}">
            <input type="hidden" name="tenantId" value="${tenantId}" />
            <input type="hidden" name="formToken" value="${form.formToken}" />
            <button type="submit" aria-label="Disconnect ${name}">Disconnect</button>
          </form>`
    }
  </li>`;
}

/** What the page of something that did not work shows. */
export type FaultPage = {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  readonly basePath: string;
};

/** The page of something that did not work. */
export function faultPage({ code, reason, remedy, basePath }: FaultPage): string {
  const content = html`
    <h1>That did not work</h1>
    <p class="notice fault" role="alert">${reason}.</p>
    <p>${remedy}</p>
    <p class="hint"><code>${code}</code></p>
    <p><a class="button" href="${basePath}${CONNECT_PATH}">Back to the organisations</a></p>
  `;
  return page(content, basePath);
}

function page(content: Html, basePath: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Connect: xero-webhooks</title>
        <link rel="stylesheet" href="${basePath}${STYLE_PATH}" />
        <link rel="icon" href="${basePath}${QUEUES_PATH}/static/images/logo.svg" />
      </head>
      <body>
        <header>
          <strong>xero-webhooks</strong>
          <nav>
            <a href="${basePath}${QUEUES_PATH}">Queues</a>
            <a href="${basePath}${CONNECT_PATH}" aria-current="page">Connect</a>
          </nav>
        </header>
        <main>${content}</main>
      </body>
    </html> `.html;
}
