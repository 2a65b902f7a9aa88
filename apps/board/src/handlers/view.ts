import { spanText } from '@xero-webhooks/runtime/span-text';
import type { WorkerInfo } from '@xero-webhooks/queue';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { countOf, tableOf, timeOf } from '../page/parts.ts';
import type { HandlerFigures } from './handler-figures.ts';

export type HandlersPage = {
  readonly figures: readonly HandlerFigures[];
  readonly workers: readonly WorkerInfo[];
  /** How many events the figures are of. */
  readonly events: number;
};

export function handlersContent({ figures, workers, events }: HandlersPage): Html {
  return html`
    <h1>Handlers</h1>
    ${
      figures.length === 0
        ? html`<p class="empty">
            No worker is running, and no handler is on record. Start one with <code>xw worker</code>.
          </p>`
        : html`<p>Of the newest ${countOf(events, 'event')} on record.</p>
            ${handlerTable(figures, workers.length)}`
    }
    ${workersContent(workers)}
  `;
}

function handlerTable(figures: readonly HandlerFigures[], workers: number): Html {
  const columns = [
    { title: 'Handler' },
    { title: 'Events' },
    { title: 'Attempts', number: true },
    { title: 'Failed', number: true },
    { title: 'Median', number: true },
    { title: 'Slowest', number: true },
    { title: 'Last failure' },
  ];
  const rows = figures.map(({ name, events, workers: has, attempts, failures, medianMs, slowestMs, lastFailure }) => [
    html`<strong>${name}</strong
      >${has < workers ? html`<br /><span class="reason">${missing(has, workers)}</span>` : undefined}`,
    events.join(', '),
    attempts.toLocaleString('en'),
    failuresCell(failures, attempts),
    medianMs === undefined ? '' : spanText(medianMs),
    slowestMs === undefined ? '' : spanText(slowestMs),
    lastFailureCell(lastFailure),
  ]);
  return tableOf(columns, rows);
}

function missing(has: number, workers: number): string {
  return has === 0 ? 'in no running worker' : `in ${has} of ${workers} workers`;
}

/** How many of its attempts failed. */
export function failuresCell(failures: number, attempts: number): Html | string {
  return failures === 0 ? '0' : html`<span class="broken">${percentOf(failures, attempts)}</span>`;
}

/** When, and why. */
export function lastFailureCell(failure: HandlerFigures['lastFailure']): Html | string {
  return failure === undefined ? '' : html`${timeOf(failure.at)}<br /><span class="reason">${failure.reason}</span>`;
}

function percentOf(failures: number, attempts: number): string {
  const percent = (failures / attempts) * 100;
  return `${failures.toLocaleString('en')} (${percent < 1 ? percent.toFixed(1) : percent.toFixed(0)} %)`;
}

/** Who works; without anybody, what to do. */
export function workersContent(workers: readonly WorkerInfo[]): Html {
  if (workers.length === 0) {
    return html`<h2>Workers</h2>
      <p class="notice fault">No worker is running: events wait. Start one with <code>xw worker</code>.</p>`;
  }
  const columns = [
    { title: 'Worker' },
    { title: 'Release' },
    { title: 'Started' },
    { title: 'Concurrency', number: true },
    { title: 'Handlers' },
  ];
  return html`<h2>Workers</h2>
    ${tableOf(
      columns,
      workers.map(({ name, release, startedAt, concurrency, shards, handlers }) => [
        html`<code>${name}</code>`,
        release,
        timeOf(startedAt),
        shards === 1 ? String(concurrency) : `${concurrency} × ${shards}`,
        handlers.map((handler) => handler.name).join(', '),
      ]),
    )}`;
}
