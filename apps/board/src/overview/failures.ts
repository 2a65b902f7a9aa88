import type { HandlerFigures } from '../handlers/handler-figures.ts';
import { failuresCell, lastFailureCell } from '../handlers/view.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { tableOf } from '../page/parts.ts';
import { DEAD_LETTERS_PATH, HANDLERS_PATH } from '../paths.ts';

/** The handlers of which attempts failed, the one with the most failures first. */
export function failuresContent(
  handlers: readonly HandlerFigures[],
  minutes: number,
  link: (path: string) => string,
): Html {
  const failing = handlers.filter(({ failures }) => failures > 0).toSorted((a, b) => b.failures - a.failures);
  const columns = [{ title: 'Handler' }, { title: 'Failed attempts', number: true }, { title: 'Last failure' }];
  const rows = failing.map(({ name, attempts, failures, lastFailure }) => [
    html`<a href="${link(HANDLERS_PATH)}"><strong>${name}</strong></a>`,
    failuresCell(failures, attempts),
    lastFailureCell(lastFailure),
  ]);
  return html`<h2>Failures by handler</h2>
    ${
      failing.length === 0
        ? html`<p class="empty">No handler failed on an event of the last ${minutes} minutes.</p>`
        : html`${tableOf(columns, rows)}
            <p class="hint">
              On events that came in the last ${minutes} minutes.
              <a href="${link(DEAD_LETTERS_PATH)}">Dead letters by handler and reason</a>
            </p>`
    }`;
}
