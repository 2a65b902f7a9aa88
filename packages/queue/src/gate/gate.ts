import { boundedText, MAX_MESSAGE, MAX_STACK } from '@xero-webhooks/bounded';
import type { RedisClient, Script } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { createTogether } from './together.ts';

/** What the gate has to know of a handler. */
export type GateHandler = {
  readonly name: string;
  /** Whether events older than the newest one that it has handled of the resource are skipped. */
  readonly latestOnly: boolean;
};

/** An event on its way through the gate. */
export type GateEvent = {
  readonly jobId: string;
  /** The token under which BullMQ has given out the job: another for each run. */
  readonly token: string;
  /** The number of this run: BullMQ counts how often it has given out the job. A later one takes over from an earlier one. */
  readonly fetch: number;
  /** How often BullMQ has found the job without its worker. */
  readonly stalls: number;
  readonly tenantId: string;
  readonly resourceId: string;
  /** In the fixed-width form, so that dates compare as strings. */
  readonly date: string;
  /** The handlers of the event. */
  readonly handlers: readonly GateHandler[];
};

/** When the first handler is due, by Redis's clock in milliseconds since 1970, and how long that is from now. */
export type Due = { readonly dueAt: number; readonly dueMs: number };

/**
 * Whether a job may begin. `busy`: another event of the resource is at work, for `lockMs` at the longest. `lost`: a later
 * run of the same job has begun. `settled`: it was handled before. `early`: what is left to do is not due yet. `dead`: what
 * is left to do can no longer be retried. `run`: the resource is locked, and these handlers are to run; `failures` says how often each has failed.
 */
export type Begin =
  | { outcome: 'busy'; lockMs: number }
  | { outcome: 'lost' }
  | { outcome: 'settled' }
  | ({ outcome: 'early' } & Due)
  | { outcome: 'dead' }
  | { outcome: 'run'; handlers: readonly { name: string; failures: number }[] };

/** What one handler came to, as the ledger keeps it. */
export type LedgerResult =
  | { handler: string; state: 'ok' }
  | { handler: string; state: 'retry' | 'later' | 'dead'; delayMs: number; failures: number; details: LedgerDetails };

/** Why a handler has not succeeded. The stack is cut to a size that fits in Redis many times over. */
export type LedgerDetails = { readonly reason: string; readonly stack?: string };

/** What becomes of the job after an attempt. `following` is the job that waits for the same resource the longest. */
export type Finish = Due & {
  readonly outcome: 'settled' | 'waiting' | 'dead';
  readonly following: string | undefined;
};

/** A handler's entry in the ledger of an event that is not settled. */
export type LedgerEntry =
  | { handler: string; state: 'ok' }
  | { handler: string; state: 'retry' | 'later' | 'dead'; failures: number; dueAt: number; details: LedgerDetails };

export type Gate = {
  /** Takes the lock of the resource, in one round trip at most. `lockMs`: how long it lives; it is not renewed. */
  begin(event: GateEvent, lockMs: number): Promise<Begin>;
  /** Records a success while other handlers of the event still run. */
  record(event: GateEvent, handler: GateHandler): Promise<void>;
  /** Records the results and frees the resource, in one round trip at most. */
  finish(event: GateEvent, results: readonly LedgerResult[]): Promise<Finish>;
  /**
   * Puts a delayed job into the queue of its busy resource.
   *
   * @param place the lowest goes first
   * @returns false where the resource is free by now
   */
  takeTurn(event: GateEvent, place: number): Promise<boolean>;
  /** The ledger of an event that is not settled. */
  read(tenantId: string, jobId: string): Promise<LedgerEntry[]>;
  /** Forgets the failures, so that what is left to do starts with all its attempts. */
  resetFailures(tenantId: string, jobId: string): Promise<void>;
  /** Ends an event for good, whatever its handlers came to. */
  settle(tenantId: string, jobId: string): Promise<void>;
};

type Options = {
  client: RedisClient;
  prefix: string;
  /** Whether the organisations are spread over the nodes of a Cluster. */
  cluster: boolean;
  /** How long a settled event is remembered, in milliseconds. */
  rememberMs: number;
};

/** Longer than any job waits in the queue of a resource, in milliseconds; a job that waits is also delayed, and wakes. */
const TURNS_MS = 3_600_000;

/**
 * Makes the delivery gate: one run at a time per resource, and a ledger that lets only those handlers run that have not
 * succeeded. All keys of an organisation carry it as their hash tag, so that they are in one slot of a Cluster.
 *
 * What jobs ask of the gate in the same turn goes to Redis together: of the same organisation in a Cluster, else of all.
 */
export function createGate({ client, prefix, cluster, rememberMs }: Options): Gate {
  const bind = (name: string): Script => bindScript(client, new URL(`${name}.lua`, import.meta.url));
  const record = bind('record');
  const takeTurn = bind('take-turn');
  const settle = bind('settle');
  const reset = bind('reset');

  const root = (tenantId: string): string => `${prefix}:{${tenantId.toLowerCase()}}`;
  const ledgerKey = (tenantId: string, jobId: string): string => `${root(tenantId)}:e:${jobId}`;
  const keysOf = ({ tenantId, resourceId, jobId }: GateEvent): [string, string, string, string] => {
    const tenant = root(tenantId);
    const resource = resourceId.toLowerCase();
    return [
      ledgerKey(tenantId, jobId),
      `${tenant}:lock:${resource}`,
      `${tenant}:turns:${resource}`,
      `${tenant}:newest:${resource}`,
    ];
  };

  /** Calls of one script for several jobs. */
  const together = <Call extends { event: GateEvent }, Result>(
    script: Script,
    argsOf: (call: Call) => (string | number)[],
    read: (reply: unknown) => Result,
  ) =>
    createTogether<Call, Result>({
      groupOf: ({ event }) => (cluster ? root(event.tenantId) : ''),
      async send(calls) {
        const keys = calls.flatMap(({ event }) => keysOf(event));
        const replies = await script(keys, [rememberMs, ...calls.flatMap(argsOf)]);
        return (replies as unknown[]).map(read);
      },
    });
  const begin = together(bind('begin'), beginArgs, readBegin);
  const finish = together(bind('finish'), finishArgs, readFinish);

  return {
    begin: (event, lockMs) => begin({ event, lockMs }),
    finish: (event, results) => finish({ event, results }),
    async record(event, { name, latestOnly }) {
      const [ledger, , , newest] = keysOf(event);
      await record([ledger, newest], [name, event.date, latestOnly ? '1' : '0', rememberMs]);
    },
    async takeTurn(event, place) {
      const [, lock, turns] = keysOf(event);
      return (await takeTurn([lock, turns], [event.jobId, place, TURNS_MS])) === 1;
    },
    async read(tenantId, jobId) {
      const fields = await client.hgetall(ledgerKey(tenantId, jobId));
      return Object.entries(fields).flatMap(([handler, entry]) =>
        handler === '@' ? [] : [parseEntry(handler, entry)],
      );
    },
    async resetFailures(tenantId, jobId) {
      await reset([ledgerKey(tenantId, jobId)], []);
    },
    async settle(tenantId, jobId) {
      await settle([ledgerKey(tenantId, jobId)], [rememberMs]);
    },
  };
}

type BeginCall = { readonly event: GateEvent; readonly lockMs: number };
type BeginReply = [Begin['outcome'], ...(string | number)[]];

function beginArgs({ event, lockMs }: BeginCall): (string | number)[] {
  const { jobId, token, fetch, stalls, date, handlers } = event;
  const each = handlers.flatMap(({ name, latestOnly }) => [name, latestOnly ? '1' : '0']);
  return [jobId, token, fetch, stalls, lockMs, date, handlers.length, ...each];
}

function readBegin(reply: unknown): Begin {
  const [outcome, ...rest] = reply as BeginReply;
  switch (outcome) {
    case 'busy':
      return { outcome, lockMs: Math.max(0, Number(rest[0])) };
    case 'early':
      return { outcome, ...due(Number(rest[0]), Number(rest[1])) };
    case 'lost':
    case 'settled':
    case 'dead':
      return { outcome };
    case 'run':
      return {
        outcome,
        handlers: inPairs(rest).map(([name, failures]) => ({ name: String(name), failures: Number(failures) })),
      };
  }
}

type FinishCall = { readonly event: GateEvent; readonly results: readonly LedgerResult[] };
type FinishReply = [Finish['outcome'], string, number, number];

function finishArgs({ event, results }: FinishCall): (string | number)[] {
  const { jobId, token, fetch, stalls, date, handlers } = event;
  const each = results.flatMap((result) => {
    const latestOnly = handlers.some(({ name, latestOnly: only }) => only && name === result.handler) ? '1' : '0';
    return result.state === 'ok'
      ? [result.handler, 'ok', 0, 0, latestOnly, '']
      : [
          result.handler,
          result.state,
          Math.ceil(result.delayMs),
          result.failures,
          latestOnly,
          JSON.stringify(clip(result.details)),
        ];
  });
  const names = handlers.map(({ name }) => name);
  return [jobId, token, fetch, stalls, date, handlers.length, results.length, ...names, ...each];
}

function readFinish(reply: unknown): Finish {
  const [outcome, following, now, dueAt] = reply as FinishReply;
  return { outcome, following: following || undefined, ...due(now, dueAt) };
}

function due(now: number, dueAt: number): Due {
  return { dueAt, dueMs: dueAt - now };
}

function parseEntry(handler: string, entry: string): LedgerEntry {
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
