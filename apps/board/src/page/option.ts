import type { Html } from './html.ts';
import { html } from './html.ts';

/** One of the choices of a `select`. */
export function optionOf(value: string, label: string, chosen: string): Html {
  return value === chosen
    ? html`<option value="${value}" selected="selected">${label}</option>`
    : html`<option value="${value}">${label}</option>`;
}
