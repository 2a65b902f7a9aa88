import { boundedText } from '@xero-webhooks/bounded';
import type {
  AttemptOutcome,
  EventRecord,
  RecordedAction,
  RecordedAttempt,
  RecordedEvent,
  RecordEntry,
} from './event-record.ts';
import type { EventState } from './event-states.ts';

// A record is text: a line for the event, then one for each thing that happened to it, fields with tabs between them.
// Appending a line is one command of Redis's; a hash or a list of the same would take three times the memory.
//
//   1 name resource received date delivery source     the event
//   a at handler attempt worker ms outcome delay reason   an attempt
//   = at state due                                    what became of the event (note.lua writes it)
//   ! at action by                                    what somebody did
//   ~ lines                                           so many were left out (note.lua writes it)

/** Longest reason kept of an attempt, in characters: all of it stands in the ledger and in the log. */
const MAX_REASON = 160;

/** Longest name of a handler or worker kept, in characters. */
const MAX_NAME = 48;

const OUTCOMES: Readonly<Record<AttemptOutcome, string>> = {
  succeeded: 's',
  failed: 'f',
  'gave-up': 'g',
  later: 'l',
  parked: 'p',
  aborted: 'x',
  lost: 'k',
};
const OUTCOME_OF = new Map(Object.entries(OUTCOMES).map(([outcome, letter]) => [letter, outcome as AttemptOutcome]));

const STATES = { w: 'waiting', h: 'handled', d: 'dead', u: 'unhandled' } as const;
type StateLetter = keyof typeof STATES;

/** The first line of an event's record, without its job and organisation, which are in the key. */
export function headerText(event: RecordedEvent): string {
  const { name, resourceId, receivedAt, eventDateUtc, deliveryId, source } = event;
  const date = PLAIN_DATE.test(eventDateUtc) ? eventDateUtc : field(eventDateUtc, 40);
  return ['1', name, resourceId.toLowerCase(), receivedAt, date, deliveryId, source].join('\t');
}

/** @param attempt without `kind` */
export function attemptText(attempt: Omit<RecordedAttempt, 'kind'>): string {
  const { at, handler, attempt: number, worker, ms, outcome, delayMs, reason } = attempt;
  const fields = [
    'a',
    at,
    field(handler, MAX_NAME),
    number,
    field(worker, MAX_NAME),
    Math.round(ms),
    OUTCOMES[outcome],
    delayMs || '',
  ];
  return [...fields, field(reason, MAX_REASON)].join('\t');
}

/** @param action without `kind` */
export function actionText({ at, action, by }: Omit<RecordedAction, 'kind'>): string {
  return ['!', at, action, field(by, MAX_NAME)].join('\t');
}

/**
 * What became of an event.
 *
 * @param dueAt when it runs again, in milliseconds since 1970 @defaultValue it does not
 */
export function stateText(at: number, state: 'waiting' | 'handled' | 'unhandled' | 'dead', dueAt = 0): string {
  return ['=', at, state.charAt(0), Math.round(dueAt)].join('\t');
}

/** Reads a record. @returns `undefined` where a newer release wrote it in another form */
export function parseRecord(tenantId: string, jobId: string, text: string): EventRecord | undefined {
  const [first = '', ...lines] = text.split('\n');
  const [version, name, resourceId, receivedAt, eventDateUtc, deliveryId, source] = first.split('\t');
  if (version !== '1' || source === undefined) return undefined;
  const entries = lines.flatMap(parseLine);
  return {
    jobId,
    tenantId,
    resourceId: resourceId!,
    name: name!,
    eventDateUtc: eventDateUtc!,
    receivedAt: Number(receivedAt),
    deliveryId: deliveryId!,
    source,
    entries,
    ...standing(entries),
  };
}

function parseLine(line: string): RecordEntry[] {
  const [kind, one, ...rest] = line.split('\t');
  const at = Number(one);
  switch (kind) {
    case 'a': {
      const [handler = '', attempt, worker = '', ms, letter = '', delay, reason = ''] = rest;
      const outcome = OUTCOME_OF.get(letter);
      if (!outcome) return [];
      return [
        {
          kind: 'attempt',
          at,
          handler,
          attempt: Number(attempt),
          worker,
          ms: Number(ms),
          outcome,
          delayMs: Number(delay),
          reason,
        },
      ];
    }
    case '=': {
      const state = STATES[rest[0] as StateLetter];
      if (state === 'waiting') return [{ kind: 'state', at, state, dueAt: Number(rest[1]) }];
      return state ? [{ kind: 'state', at, state }] : [];
    }
    case '!':
      return [{ kind: 'action', at, action: rest[0] as RecordedAction['action'], by: rest[1] ?? '' }];
    case '~':
      return [{ kind: 'gap', left: at }];
    default:
      return [];
  }
}

/** Where the event stands after all that happened to it. */
function standing(entries: readonly RecordEntry[]): { state: EventState; dueAt: number | undefined } {
  const last = entries.findLastIndex((entry, at) => decides(entry, entries.slice(0, at)));
  const entry = entries[last];
  if (entry?.kind === 'action') {
    return entry.action === 'dropped'
      ? { state: 'dropped', dueAt: undefined }
      : { state: 'received', dueAt: undefined };
  }
  // Only handled events are replayed; the rest of the record may have got too old.
  const onlyReplayed = entries.some(({ kind }) => kind === 'action');
  if (entry?.kind !== 'state') return { state: onlyReplayed ? 'handled' : 'received', dueAt: undefined };
  if (entry.state !== 'waiting') return { state: entry.state, dueAt: undefined };
  const before = entries.slice(0, last);
  const attempts = before.slice(before.findLastIndex(({ kind }) => kind === 'state') + 1);
  const came = (outcome: AttemptOutcome): boolean =>
    attempts.some((one) => one.kind === 'attempt' && one.outcome === outcome);
  const state = came('failed') || came('lost') ? 'failing' : came('parked') ? 'parked' : 'delayed';
  return { state, dueAt: entry.dueAt };
}

/** Whether an entry says where the event stands. */
function decides(entry: RecordEntry, before: readonly RecordEntry[]): boolean {
  if (entry.kind === 'state') return true;
  // A replay is a job with a record of its own.
  if (entry.kind !== 'action' || entry.action === 'replayed') return false;
  // What is handled cannot be run again: somebody else was faster, and this line came late.
  return !before.some((earlier) => earlier.kind === 'state' && earlier.state === 'handled');
}

/** What needs no repair: every event that Xero sends has such a date, and the ingress pays for each. */
const PLAIN_DATE = /^[\d:TZ.+-]{1,40}$/;

/** What needs no repair if it is short enough: almost every field. */
const PLAIN = /^[ -~]*$/;

/** One field: nothing in it may look like the end of a field or a line, and nothing of it reaches a terminal raw. */
function field(text: string, max: number): string {
  if (text.length <= max && PLAIN.test(text)) return text;
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  return boundedText(text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' '), max);
}
