import type { Html } from './html.ts';
import { html } from './html.ts';

/** A time: the script of the pages shows it in the reader's zone, with the exact one on hover. */
export function timeOf(time: number): Html {
  const iso = new Date(time).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** Text such as an id, with a button that copies it. */
export function copyable(text: string): Html {
  return html`<span class="copyable"
    ><code>${text}</code
    ><button type="button" class="copy" data-copy="${text}" aria-label="Copy ${text}">Copy</button></span
  >`;
}

/** Where an event stands. */
export function stateOf(state: string): Html {
  return html`<span class="tag ${state}">${state === 'dead' ? 'dead letter' : state}</span>`;
}

/** For example `1 event` or `3 events`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export type Column = { readonly title: string; readonly number?: boolean };

/** A table that scrolls by itself on a narrow screen. */
export function tableOf(columns: readonly Column[], rows: readonly (readonly (Html | string)[])[]): Html {
  const cell = (at: number): string => (columns[at]?.number ? 'number' : '');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="table">
    <table>
      <thead>
        <tr>
          ${columns.map(({ title }, at) => html`<th scope="col" class="${cell(at)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((part, at) => html`<td class="${cell(at)}" data-title="${columns[at]?.title ?? ''}">${part}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Names and values. */
export function definitionsOf(pairs: readonly (readonly [string, Html | string])[]): Html {
  return html`<dl>
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
