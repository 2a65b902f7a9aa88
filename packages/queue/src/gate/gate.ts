import { NOTE_FUNCTIONS, recordsRoot } from '@xero-webhooks/record';
import type { RedisClient, Script } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { batchCalls } from '../batch-calls.ts';
import {
  beginArguments,
  beginHead,
  boundedCause,
  finishArguments,
  finishHead,
  readBegin,
  readFinish,
  readLedger,
} from './codec.ts';
import type {
  Begin,
  Blame,
  Finish,
  GateEvent,
  GateHandler,
  LedgerEntry,
  LedgerEvent,
  LedgerResult,
  RunNote,
} from './protocol.ts';

export type Gate = {
  /**
   * Asks whether a job may begin, and locks its resource if it may. It takes one round trip.
   *
   * @param lockMs how long the lock lives, in milliseconds; it is not renewed
   * @param alone whether nothing else runs in this process
   */
  begin(event: GateEvent, lockMs: number, alone: boolean): Promise<Begin>;
  /** Records a success while other handlers of the event still run. */
  record(event: LedgerEvent, handler: GateHandler): Promise<void>;
  /**
   * Records the results and frees the resource, in one round trip.
   *
   * @param blame given if the run did not come to its end
   * @param note what the event's record gets, if the gate writes records
   */
  finish(event: GateEvent, results: readonly LedgerResult[], blame?: Blame, note?: RunNote): Promise<Finish>;
  /** Records, for the next run, what is known of a run that its process leaves behind. */
  lastWords(run: { tenantId: string; jobId: string; runNumber: number }, blame: Blame): Promise<void>;
  /**
   * Puts a delayed job into the queue for its busy resource.
   *
   * @param place the lowest goes first
   * @returns false if the resource is free by now
   */
  takeTurn(event: GateEvent, place: number): Promise<boolean>;
  /** Reads the ledger of an event that is not settled. */
  read(tenantId: string, jobId: string): Promise<LedgerEntry[]>;
  /** Forgets the failures, so that the handlers that have not succeeded have all their attempts again. */
  resetFailures(tenantId: string, jobId: string): Promise<void>;
  /** Makes what waits for another try due now. */
  makeDue(tenantId: string, jobId: string): Promise<void>;
  /** Ends an event for good, whatever its handlers came to: its duplicates are dropped while it is remembered. */
  settle(tenantId: string, jobId: string): Promise<void>;
};

type Options = {
  client: RedisClient;
  prefix: string;
  /** Whether Redis is a Cluster, which spreads the organisations over its nodes. */
  cluster: boolean;
  /** How long a settled event is remembered, in milliseconds. */
  rememberMs: number;
  /** After how many runs that ended with their process an event is a dead letter. @defaultValue 3 */
  crashAttempts?: number;
  /** Whether it writes what runs come to into the events' records. @defaultValue false */
  records?: boolean;
};

/**
 * How long the queue for a resource is kept, in milliseconds: longer than any job waits in it. A job that waits is also
 * delayed, and wakes by itself.
 */
const TURNS_MS = 3_600_000;

const LEDGER = new URL('ledger.lua', import.meta.url);

/**
 * One run at a time per resource, and a ledger that lets only those handlers run that have not succeeded. All keys of an
 * organisation carry it as their hash tag, so they are in one slot of a Cluster.
 *
 * Calls that jobs make in the same tick share a command: in a Cluster those of the same organisation, otherwise all.
 */
export function createGate({ client, prefix, cluster, rememberMs, crashAttempts = 3, records = false }: Options): Gate {
  const bind = (name: string): Script => bindScript(client, new URL(`${name}.lua`, import.meta.url), LEDGER);
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

  /** Batches the calls of a script that takes several jobs. */
  const batched = <Call extends { event: GateEvent }, Result>(
    script: Script,
    head: readonly number[],
    argumentsOf: (call: Call) => (string | number)[],
    read: (reply: unknown) => Result,
    { oneByOne = false, keys = keysOf }: { oneByOne?: boolean; keys?: (event: LedgerEvent) => string[] } = {},
  ) =>
    batchCalls<Call, Result>({
      groupOf: ({ event }) => (cluster ? root(event.tenantId) : ''),
      oneByOne,
      async send(calls) {
        const all = calls.flatMap(({ event }) => keys(event));
        const replies = await script(all, [...head, ...calls.flatMap(argumentsOf)]);
        return (replies as unknown[]).map(read);
      },
    });
  const begin = batched(bind('begin'), beginHead(rememberMs, crashAttempts), beginArguments, readBegin, {
    oneByOne: true,
  });
  const keysWithRecord = (event: LedgerEvent): string[] => [...keysOf(event), recordsRoot(prefix, event.tenantId)];
  const finish = batched(
    bindScript(client, new URL('finish.lua', import.meta.url), LEDGER, NOTE_FUNCTIONS),
    finishHead(rememberMs, records ? 5 : 4),
    finishArguments,
    readFinish,
    records ? { keys: keysWithRecord } : {},
  );

  return {
    begin: (event, lockMs, alone) => begin({ event, lockMs, alone }),
    finish: (event, results, blame, note) => finish({ event, results, blame, note }),
    async lastWords({ tenantId, jobId, runNumber }, { blame, cause }) {
      await lastWords([ledgerKey(tenantId, jobId)], [runNumber, blame, boundedCause(cause)]);
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
      return readLedger(await client.hgetall(ledgerKey(tenantId, jobId)));
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
