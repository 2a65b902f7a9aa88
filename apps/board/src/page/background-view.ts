import type { BackgroundAction } from './background.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

/** What goes on, and what ended lately. */
export function backgroundContent(actions: readonly BackgroundAction[]): Html | undefined {
  if (actions.length === 0) return undefined;
  return html`<div class="notice" role="status">
    ${actions.map(({ title, lookedAt, result }) => {
      return html`<div>${title}: ${result ?? `going on, ${lookedAt.toLocaleString('en')} looked at so far`}</div>`;
    })}
  </div>`;
}
