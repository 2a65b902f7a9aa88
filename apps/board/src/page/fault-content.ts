import { explainedAt } from '@xero-webhooks/runtime';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { NavigationEntry } from './frame.ts';

/** Something that did not work, for the person who tried it. */
export type Fault = {
  readonly status: number;
  /** Explained in docs/errors.md. */
  readonly code: `XW_${string}`;
  /** What is wrong, without the full stop. */
  readonly reason: string;
  /** What to do now, in whole sentences. */
  readonly remedy: string;
  /** The page to go back to. */
  readonly back: NavigationEntry;
};

/** @param link turns a path into the address for the browser */
export function faultContent({ code, reason, remedy, back }: Fault, link: (path: string) => string): Html {
  return html`
    <h1>That did not work</h1>
    <p class="notice fault" role="alert">${reason}.</p>
    <p>${remedy}</p>
    <p class="hint"><code>${code}</code>, explained in <code>${explainedAt(code)}</code></p>
    <p><a class="button" href="${link(back.path)}">${back.label}</a></p>
  `;
}
