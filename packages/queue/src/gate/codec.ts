import { boundedText, MAX_MESSAGE, MAX_STACK } from '@xero-webhooks/bounded';
import type {
  Begin,
  Blame,
  Due,
  Finish,
  GateEvent,
  LedgerDetails,
  LedgerEntry,
  LedgerResult,
  RunNote,
} from './protocol.ts';

// The arguments and replies of begin.lua and finish.lua, and the entries of the ledger (ledger.lua has the whole format).
// All times in replies are by Redis's clock, in milliseconds since 1970.

/** Longest cause of a lost run that is kept, in characters. */
const MAX_CAUSE = 500;

/** Fields of a ledger that do not belong to a handler. */
const EVENT_FIELDS: ReadonlySet<string> = new Set(['@', '!', '?']);

type Argument = string | number;

export type BeginCall = { readonly event: GateEvent; readonly lockMs: number; readonly alone: boolean };

/** What begin.lua takes before the calls. */
export function beginHead(rememberMs: number, crashAttempts: number): readonly number[] {
  return [rememberMs, crashAttempts];
}

/**
 * What begin.lua takes for each call: job, run token, run number, stalls, life of the lock in ms, date, '1' if alone,
 * number of handlers; then for each handler its name and '1' if latestOnly.
 */
export function beginArguments({ event, lockMs, alone }: BeginCall): Argument[] {
  const { jobId, runToken, runNumber, stalls, date, handlers } = event;
  const each = handlers.flatMap(({ name, latestOnly }) => [name, flag(latestOnly)]);
  return [jobId, runToken, runNumber, stalls, lockMs, date, flag(alone), handlers.length, ...each];
}

type BeginReply =
  | ['busy', lockMs: number]
  | ['lost']
  | ['settled']
  | ['dead']
  | ['early', now: number, dueAt: number, awaited: string, until: number]
  | ['suspect', lost: number, cause: string]
  | ['run', lost: number, ...namesAndFailures: (string | number)[]];

export function readBegin(raw: unknown): Begin {
  const reply = raw as BeginReply;
  switch (reply[0]) {
    case 'busy': {
      const [outcome, lockMs] = reply;
      return { outcome, lockMs: Math.max(0, lockMs) };
    }
    case 'early': {
      const [outcome, now, dueAt, name, until] = reply;
      return { outcome, awaited: name ? { name, until } : undefined, ...readDue(now, dueAt) };
    }
    case 'suspect': {
      const [outcome, lost, cause] = reply;
      return { outcome, lost, cause };
    }
    case 'lost':
    case 'settled':
    case 'dead':
      return { outcome: reply[0] };
    case 'run': {
      const [outcome, lost, ...rest] = reply;
      const handlers = inPairs(rest).map(([name, failures]) => ({ name: String(name), failures: Number(failures) }));
      return { outcome, lost, handlers };
    }
  }
}

export type FinishCall = {
  readonly event: GateEvent;
  readonly results: readonly LedgerResult[];
  /** `undefined` for a run that came to its end. */
  readonly blame: Blame | undefined;
  /** What the event's record gets; `undefined` if nothing is recorded. */
  readonly note: RunNote | undefined;
};

/** What finish.lua takes before the calls. */
export function finishHead(rememberMs: number, keysEach: number): readonly number[] {
  return [rememberMs, keysEach];
}

/**
 * What finish.lua takes for each call: job, run token, run number, stalls, date, blame or '', its cause, first line of
 * the record or '', lines for it, number of handlers, number of results; then the names of the handlers; then for each result its handler, state, wait in ms,
 * failures so far, '1' if latestOnly, details.
 */
export function finishArguments({ event, results, blame, note }: FinishCall): Argument[] {
  const { jobId, runToken, runNumber, stalls, date, handlers } = event;
  const names = handlers.map(({ name }) => name);
  const each = results.flatMap((result) => {
    const { name, latestOnly } = result.handler;
    if (result.state === 'ok') return [name, 'ok', 0, 0, flag(latestOnly), ''];
    const { state, delayMs, failures, details } = result;
    return [name, state, Math.ceil(delayMs), failures, flag(latestOnly), JSON.stringify(bounded(details))];
  });
  const ending = [blame?.blame ?? '', boundedCause(blame?.cause ?? ''), note?.header ?? '', note?.lines ?? ''];
  return [jobId, runToken, runNumber, stalls, date, ...ending, handlers.length, results.length, ...names, ...each];
}

type FinishReply = [outcome: Finish['outcome'], following: string, now: number, dueAt: number];

export function readFinish(reply: unknown): Finish {
  const [outcome, following, now, dueAt] = reply as FinishReply;
  return { outcome, following: following || undefined, ...readDue(now, dueAt) };
}

/** Reads the handlers' entries of a ledger. */
export function readLedger(fields: Readonly<Record<string, string>>): LedgerEntry[] {
  return Object.entries(fields)
    .filter(([name]) => !EVENT_FIELDS.has(name))
    .map(([handler, entry]) => readEntry(handler, entry));
}

function readEntry(handler: string, entry: string): LedgerEntry {
  if (entry === '+') return { handler, state: 'ok' };
  const [, state, failures, dueAt, details] = /^(retry|later|dead)\|(\d+)\|(\d+)\|(.*)$/s.exec(entry) ?? [];
  return {
    handler,
    state: (state ?? 'retry') as 'retry' | 'later' | 'dead',
    failures: Number(failures ?? 0),
    dueAt: Number(dueAt ?? 0),
    details: JSON.parse(details ?? '{"reason":""}') as LedgerDetails,
  };
}

export function boundedCause(cause: string): string {
  return boundedText(cause, MAX_CAUSE);
}

function bounded({ reason, stack }: LedgerDetails): LedgerDetails {
  return {
    reason: boundedText(reason, MAX_MESSAGE),
    ...(stack === undefined ? {} : { stack: boundedText(stack, MAX_STACK) }),
  };
}

function flag(on: boolean): '1' | '0' {
  return on ? '1' : '0';
}

function readDue(now: number, dueAt: number): Due {
  return { dueAt, dueMs: dueAt - now };
}

function inPairs<Item>(items: readonly Item[]): [Item, Item][] {
  return Array.from({ length: items.length / 2 }, (_, pair) => [items[2 * pair]!, items[2 * pair + 1]!]);
}
