import { spanText } from '@xero-webhooks/runtime/span-text';
import { reasonOf } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';
import { printable } from './printable.ts';
import { tableOf } from './table.ts';
import { timeText } from './times.ts';

/** Longest reason in a table, in characters. */
const MAX_REASON = 80;

/** Events in a queue as lines of a table. */
export function storedTable(events: readonly StoredEvent[], set: 'failed' | 'delayed'): string[] {
  const rows = events.map((event) => [
    set === 'failed' ? timeText(event.at) : dueText(event),
    printable(event.name),
    printable(event.data?.event.resourceId ?? '(not an event)'),
    shortened(printable(reasonOf(event))),
    event.id,
  ]);
  const titles = [set === 'failed' ? 'failed at' : 'runs again', 'event', 'resource', 'reason', 'key'];
  return tableOf(
    titles.map((title) => ({ title })),
    rows,
  );
}

/** One event whole. */
export function describeStored({ id, name, data, at, reason, handlers }: StoredEvent): string[] {
  const fields = {
    event: name,
    key: id,
    resource: data?.event.resourceId ?? '(not an event)',
    organisation: data?.event.tenantId ?? '',
    received: data ? timeText(data.receivedAt) : '',
    failed: timeText(at),
  };
  const lines = Object.entries(fields).map(([title, value]) => `${title.padEnd(14)}${printable(value)}`);
  if (handlers.length === 0) return [...lines, `${'reason'.padEnd(14)}${printable(reason)}`];
  const handlerLines = handlers.flatMap((entry) => {
    if (entry.state === 'ok') return ['', `${printable(entry.handler)}  succeeded`];
    const { details, failures, state, dueAt } = entry;
    const next = state === 'dead' ? 'is not tried again' : `runs again at ${timeText(dueAt)}`;
    return [
      '',
      `${printable(entry.handler)}  failed ${failures === 1 ? 'once' : `${failures} times`}, ${next}`,
      ...(details.stack || details.reason).split('\n').map((line) => `    ${printable(line)}`),
    ];
  });
  return [...lines, ...handlerLines];
}

/** When an event runs again, from now; one without a time waits for its turn on a busy resource. */
function dueText({ handlers }: StoredEvent): string {
  const times = handlers.flatMap((entry) => (entry.state === 'retry' || entry.state === 'later' ? [entry.dueAt] : []));
  if (times.length === 0) return 'at its turn';
  const ms = Math.min(...times) - Date.now();
  return ms <= 0 ? 'now' : `in ${spanText(ms)}`;
}

function shortened(text: string): string {
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1)}…` : text;
}
