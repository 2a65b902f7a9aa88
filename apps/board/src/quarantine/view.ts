import type { QuarantineEntry, QuarantineSummary } from '@xero-webhooks/queue';
import type { BackgroundAction } from '../page/background.ts';
import { backgroundContent } from '../page/background-view.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { copyable, countOf, definitionsOf, tableOf, timeOf } from '../page/parts.ts';
import { QUARANTINE_PATH } from '../paths.ts';

/** How much of a body a page shows, in bytes; the whole of it can be downloaded. */
const MAX_SHOWN = 65_536;

export type QuarantinePage = {
  readonly total: number;
  /** The newest. */
  readonly entries: readonly QuarantineSummary[];
  readonly actions: readonly BackgroundAction[];
  readonly readOnly: boolean;
  readonly formField: Html;
  readonly link: (path: string) => string;
};

export function quarantineContent({ total, entries, actions, readOnly, formField, link }: QuarantinePage): Html {
  const columns = [
    { title: 'Received' },
    { title: 'Cause' },
    { title: 'Detail' },
    { title: 'Bytes', number: true },
    { title: 'Times', number: true },
    { title: 'Body' },
  ];
  const rows = entries.map(({ id, receivedAt, cause, detail, bytes, times }) => [
    timeOf(receivedAt),
    cause,
    html`<span class="reason">${detail}</span>`,
    bytes.toLocaleString('en'),
    String(times),
    html`<a href="${link(bodyPath(id))}"><code>${id.slice(0, 12)}</code></a>`,
  ]);
  return html`
    <h1>Quarantine</h1>
    ${backgroundContent(actions)}
    <p>
      Bodies with a valid signature that could not be read, whole or in part. They are kept byte for byte until somebody
      replays or drops them.
    </p>
    ${
      total === 0
        ? html`<p class="empty">Nothing is in quarantine.</p>`
        : html`${tableOf(columns, rows)}
          ${total > entries.length ? html`<p class="hint">The newest ${entries.length} of ${total}.</p>` : undefined}
          ${
            readOnly
              ? undefined
              : html`<form method="post" action="${link(`${QUARANTINE_PATH}/replay`)}" class="actions">
                  ${formField}
                  <button type="submit" class="primary">Replay ${countOf(total, 'body', 'bodies')}</button>
                  <span class="hint">with the parser of this release; what it still cannot read stays</span>
                </form>`
          }`
    }
  `;
}

export type BodyPage = Pick<QuarantinePage, 'readOnly' | 'formField' | 'link'> & {
  readonly entry: QuarantineEntry;
  /** Whether the bytes are kept from sight: fields cannot be told apart in what cannot be read. */
  readonly hidden: boolean;
  /** What the action before has come to. */
  readonly notice: string | undefined;
};

export function bodyContent({ entry, hidden, notice, readOnly, formField, link }: BodyPage): Html {
  const { id, body, cause, detail, receivedAt, deliveryId, times, bytes } = entry;
  const button = (action: string, label: string, kind: string): Html =>
    html`<form method="post" action="${link(`${bodyPath(id)}/${action}`)}">
      ${formField}<button type="submit" class="${kind}">${label}</button>
    </form>`;
  return html`
    <h1>A body in quarantine</h1>
    ${notice && html`<p class="notice" role="status">${notice}</p>`}
    <div class="actions">
      ${readOnly ? undefined : [button('replay', 'Replay', 'primary'), button('drop', 'Drop', 'danger')]}
      ${hidden ? undefined : html`<a class="button quiet" href="${link(`${bodyPath(id)}/body`)}" download="body-${id.slice(0, 12)}">Download</a>`}
    </div>
    ${definitionsOf([
      ['Cause', `${cause}: ${detail}`],
      ['Received', html`${timeOf(receivedAt)}${times > 1 ? `, ${times} times in all` : ''}`],
      ['Delivery', deliveryId],
      ['Bytes', bytes.toLocaleString('en')],
      ['Id', copyable(id)],
    ])}
    <h2>Body</h2>
    ${
      hidden
        ? html`<p class="empty">
            Not shown: BOARD_REDACT is set, and a body that cannot be read has no fields to hide.
          </p>`
        : html`<pre tabindex="0">${visible(body.subarray(0, MAX_SHOWN))}</pre>`
    }
    ${bytes > MAX_SHOWN && !hidden ? html`<p class="hint">The first ${MAX_SHOWN.toLocaleString('en')} bytes.</p>` : undefined}
  `;
}

/** Bytes as text; those that are no text, or would act on a terminal, as escapes such as `\x1b`. */
function visible(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^\n\t -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export function bodyPath(id: string): string {
  return `${QUARANTINE_PATH}/${encodeURIComponent(id)}`;
}
