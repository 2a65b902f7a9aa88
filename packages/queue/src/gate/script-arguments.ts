import { boundedText, MAX_MESSAGE, MAX_STACK } from '@xero-webhooks/bounded';
import type {
  AwaitedHandler,
  Begin,
  Blame,
  Due,
  Finish,
  GateEvent,
  LedgerDetails,
  LedgerEntry,
  LedgerResult,
} from './protocol.ts';

// How calls become arguments of the scripts, and their replies and the ledger's entries become values again. The scripts
// describe both forms.

const MAX_CAUSE = 500;

export type BeginCall = { readonly event: GateEvent; readonly lockMs: number; readonly alone: boolean };
type BeginReply = [Begin['outcome'], ...(string | number)[]];

export function beginArgs({ event, lockMs, alone }: BeginCall): (string | number)[] {
  const { jobId, runToken, runNumber, stalls, date, handlers } = event;
  const each = handlers.flatMap(({ name, latestOnly }) => [name, latestOnly ? '1' : '0']);
  return [jobId, runToken, runNumber, stalls, lockMs, date, alone ? '1' : '0', handlers.length, ...each];
}

export function readBegin(reply: unknown): Begin {
  const [outcome, ...rest] = reply as BeginReply;
  switch (outcome) {
    case 'busy':
      return { outcome, lockMs: Math.max(0, Number(rest[0])) };
    case 'early':
      return { outcome, awaited: readAwaited(rest[2], rest[3]), ...due(Number(rest[0]), Number(rest[1])) };
    case 'suspect':
      return { outcome, lost: Number(rest[0]), cause: String(rest[1]) };
    case 'lost':
    case 'settled':
    case 'dead':
      return { outcome };
    case 'run':
      return {
        outcome,
        lost: Number(rest[0]),
        handlers: inPairs(rest.slice(1)).map(([name, failures]) => ({
          name: String(name),
          failures: Number(failures),
        })),
      };
  }
}

function readAwaited(
  name: string | number | undefined,
  until: string | number | undefined,
): AwaitedHandler | undefined {
  return name ? { name: String(name), until: Number(until) } : undefined;
}

export type FinishCall = {
  readonly event: GateEvent;
  readonly results: readonly LedgerResult[];
  readonly blame: Blame | undefined;
};
type FinishReply = [Finish['outcome'], string, number, number];

export function finishArgs({ event, results, blame }: FinishCall): (string | number)[] {
  const { jobId, runToken, runNumber, stalls, date, handlers } = event;
  const each = results.flatMap((result) => {
    const { name, latestOnly } = result.handler;
    const newest = latestOnly ? '1' : '0';
    if (result.state === 'ok') return [name, 'ok', 0, 0, newest, ''];
    const { state, delayMs, failures, details } = result;
    return [name, state, Math.ceil(delayMs), failures, newest, JSON.stringify(clip(details))];
  });
  const names = handlers.map(({ name }) => name);
  const end = [blame?.blame ?? '', clipCause(blame?.cause ?? '')];
  return [jobId, runToken, runNumber, stalls, date, ...end, handlers.length, results.length, ...names, ...each];
}

export function readFinish(reply: unknown): Finish {
  const [outcome, following, now, dueAt] = reply as FinishReply;
  return { outcome, following: following || undefined, ...due(now, dueAt) };
}

function due(now: number, dueAt: number): Due {
  return { dueAt, dueMs: dueAt - now };
}

export function parseEntry(handler: string, entry: string): LedgerEntry {
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

function clip({ reason, stack }: LedgerDetails): LedgerDetails {
  return {
    reason: boundedText(reason, MAX_MESSAGE),
    ...(stack === undefined ? {} : { stack: boundedText(stack, MAX_STACK) }),
  };
}

function inPairs<Item>(items: readonly Item[]): [Item, Item][] {
  return Array.from({ length: items.length / 2 }, (_, pair) => [items[2 * pair]!, items[2 * pair + 1]!]);
}

export function clipCause(cause: string): string {
  return boundedText(cause, MAX_CAUSE);
}
