import type { RedisClient, Script } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { beginArgs, clipCause, finishArgs, parseEntry, readBegin, readFinish } from './script-arguments.ts';
import type {
  Begin,
  Blame,
  Finish,
  GateEvent,
  GateHandler,
  LedgerEntry,
  LedgerEvent,
  LedgerResult,
} from './protocol.ts';
import { batchCalls } from './batch-calls.ts';

export type Gate = {
  /**
   * Takes the lock of the resource, in one round trip at most.
   *
   * @param lockMs how long it lives, in milliseconds; it is not renewed
   * @param alone whether nothing else runs in this process
   */
  begin(event: GateEvent, lockMs: number, alone: boolean): Promise<Begin>;
  /** Records a success while other handlers of the event still run. */
  record(event: LedgerEvent, handler: GateHandler): Promise<void>;
  /**
   * Records the results and frees the resource, in one round trip at most.
   *
   * @param blame where the run did not end in the ordinary way
   */
  finish(event: GateEvent, results: readonly LedgerResult[], blame?: Blame): Promise<Finish>;
  /** Records, for the next run, what is known of one that its process leaves behind. */
  lastWords(run: { tenantId: string; jobId: string; runNumber: number }, blame: Blame): Promise<void>;
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
  /** Makes what waits for another try due now. */
  makeDue(tenantId: string, jobId: string): Promise<void>;
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
  /** After how many runs that ended with their process an event is a dead letter. @defaultValue 3 */
  crashAttempts?: number;
};

/** Fields of a ledger that are not of a handler. */
const OF_THE_EVENT: ReadonlySet<string> = new Set(['@', '!', '?']);

/** Longer than any job waits in the queue of a resource, in milliseconds; a job that waits is also delayed, and wakes. */
const TURNS_MS = 3_600_000;

/**
 * Makes the gate: one run at a time per resource, and a ledger that lets only those handlers run that have not
 * succeeded. All keys of an organisation carry it as their hash tag, so that they are in one slot of a Cluster.
 *
 * What jobs ask of the gate in the same turn goes to Redis together: of the same organisation in a Cluster, else of all.
 */
export function createGate({ client, prefix, cluster, rememberMs, crashAttempts = 3 }: Options): Gate {
  const bind = (name: string): Script => bindScript(client, new URL(`${name}.lua`, import.meta.url));
  const record = bind('record');
  const takeTurn = bind('take-turn');
  const makeDue = bind('make-due');
  const settle = bind('settle');
  const reset = bind('reset');
  const lastWords = bind('last-words');

  const root = (tenantId: string): string => `${prefix}:{${tenantId.toLowerCase()}}`;
  const ledgerKey = (tenantId: string, jobId: string): string => `${root(tenantId)}:e:${jobId}`;
  const keysOf = ({ tenantId, resourceId, jobId }: LedgerEvent): [string, string, string, string] => {
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
    first: readonly number[],
    argsOf: (call: Call) => (string | number)[],
    read: (reply: unknown) => Result,
    oneByOne = false,
  ) =>
    batchCalls<Call, Result>({
      groupOf: ({ event }) => (cluster ? root(event.tenantId) : ''),
      oneByOne,
      async send(calls) {
        const keys = calls.flatMap(({ event }) => keysOf(event));
        const replies = await script(keys, [...first, ...calls.flatMap(argsOf)]);
        return (replies as unknown[]).map(read);
      },
    });
  const begin = together(bind('begin'), [rememberMs, crashAttempts], beginArgs, readBegin, true);
  const finish = together(bind('finish'), [rememberMs], finishArgs, readFinish);

  return {
    begin: (event, lockMs, alone) => begin({ event, lockMs, alone }),
    finish: (event, results, blame) => finish({ event, results, blame }),
    async lastWords({ tenantId, jobId, runNumber }, { blame, cause }) {
      await lastWords([ledgerKey(tenantId, jobId)], [runNumber, blame, clipCause(cause)]);
    },
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
        OF_THE_EVENT.has(handler) ? [] : [parseEntry(handler, entry)],
      );
    },
    async resetFailures(tenantId, jobId) {
      await reset([ledgerKey(tenantId, jobId)], []);
    },
    async makeDue(tenantId, jobId) {
      await makeDue([ledgerKey(tenantId, jobId)], []);
    },
    async settle(tenantId, jobId) {
      await settle([ledgerKey(tenantId, jobId)], [rememberMs]);
    },
  };
}
