import { spanText } from '@xero-webhooks/runtime/span-text';
import type { EventRecord, RecordEntry } from '@xero-webhooks/record';
import { printable } from '../printable.ts';
import { tableOf } from '../table.ts';
import { timeText } from '../times.ts';

/** Longest reason in a table, in characters. */
const MAX_REASON = 60;

/** Events as lines of a table, the columns wide enough that lines printed one by one stand below each other. */
export function eventsTable(events: readonly EventRecord[]): string[] {
  const titles = [
    'received           ',
    'event              ',
    'resource                            ',
    'state    ',
    'last',
  ];
  const rows = events.map((event) => [
    timeText(event.receivedAt),
    printable(event.name),
    printable(event.resourceId),
    event.state,
    lastText(event),
  ]);
  return tableOf(
    titles.map((title) => ({ title })),
    rows,
  );
}

/** One event with all that happened to it. */
export function timelineOf(event: EventRecord): string[] {
  const { name, resourceId, tenantId, jobId, receivedAt, deliveryId, source, eventDateUtc, entries } = event;
  return [
    `${printable(name)} of ${printable(resourceId)}: ${stateText(event)}`,
    `  organisation ${printable(tenantId)}   key ${jobId}   changed ${printable(eventDateUtc)}`,
    `  ${timeText(receivedAt)}  received by ${source === 'webhook' ? 'webhook' : printable(source)}, delivery ${printable(deliveryId)}`,
    ...entries.flatMap(entryText).map((line) => `  ${line}`),
  ];
}

/** What an entry says; a state that the attempt before it tells of says nothing. */
function entryText(entry: RecordEntry): string[] {
  switch (entry.kind) {
    case 'attempt': {
      const { at, handler, attempt, worker, ms, outcome, delayMs, reason } = entry;
      const who =
        outcome === 'lost'
          ? `attempt ended with its process`
          : `${printable(handler)}  attempt ${attempt} ${WORDS[outcome]}`;
      const took = outcome === 'lost' ? '' : ` after ${spanText(ms)}`;
      const next = delayMs > 0 ? `, again in ${spanText(delayMs)}` : '';
      const why = reason === '' ? '' : `: ${printable(reason)}`;
      return [`${timeText(at)}  ${who}${took} on ${printable(worker)}${next}${why}`];
    }
    case 'state': {
      const words = {
        waiting: `waits until ${timeText('dueAt' in entry ? entry.dueAt : 0)}`,
        handled: 'handled',
        dead: 'dead letter: no handler is tried again',
        unhandled: 'no handler listens for it',
      };
      return [`${timeText(entry.at)}  ${words[entry.state]}`];
    }
    case 'action':
      return [`${timeText(entry.at)}  ${ACTIONS[entry.action]} by ${printable(entry.by)}`];
    case 'gap':
      return [`… ${entry.left} more`];
  }
}

const WORDS = {
  succeeded: 'succeeded',
  failed: 'failed',
  'gave-up': 'gave up',
  later: 'asked for a later try',
  parked: 'parked',
  aborted: 'was stopped',
  lost: 'was lost',
} as const;

const ACTIONS = { retried: 'retried', dropped: 'dropped', replayed: 'replayed', 'run-now': 'run now' } as const;

function stateText({ state, dueAt }: EventRecord): string {
  if (dueAt === undefined) return STATES[state];
  const ms = dueAt - Date.now();
  return `${STATES[state]}, runs again ${ms > 0 ? `in ${spanText(ms)}` : 'now'}`;
}

const STATES = {
  received: 'waits for a worker',
  failing: 'failing',
  parked: 'parked',
  delayed: 'delayed',
  handled: 'handled',
  unhandled: 'no handler listens for it',
  dead: 'dead letter',
  dropped: 'dropped',
} as const;

/** The last attempt that did not succeed, or else who handled the event. */
function lastText({ entries, dueAt }: EventRecord): string {
  const attempts = entries.filter((entry) => entry.kind === 'attempt');
  const last = attempts.findLast(({ outcome }) => outcome !== 'succeeded') ?? attempts.at(-1);
  if (!last) return '';
  const { handler, attempt, outcome, reason } = last;
  const due = dueAt === undefined || dueAt < Date.now() ? '' : `, again in ${spanText(dueAt - Date.now())}`;
  const text = `${handler || 'process'} ${WORDS[outcome]}${attempt > 1 ? ` (attempt ${attempt})` : ''}${due}${reason === '' ? '' : `: ${reason}`}`;
  return printable(text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1)}…` : text);
}
