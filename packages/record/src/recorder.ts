import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import type { RecordedEvent } from './event-record.ts';
import { commonKeys, recordsRoot } from './keys.ts';
import { receivedText } from './received-text.ts';
import { headerText } from './record-text.ts';
import { NOTE_FUNCTIONS } from './note-functions.ts';

/** Writes down what becomes of events. Nothing waits for it, and nothing fails because of it. */
export type Recorder = {
  /** Whether there is room for records: they make room before anything else does. */
  hasRoom(): boolean;
  /** Events that Redis has confirmed: they can be found before a worker has them. */
  received(events: readonly RecordedEvent[]): void;
  /**
   * Adds lines to an event's record.
   *
   * @param lines from `attemptText`, `actionText` or `stateText`
   * @param open whether the event has still to be settled
   */
  note(event: RecordedEvent, lines: readonly string[], open: boolean): void;
  /** Resolves once what was noted so far is written, or could not be. */
  written(): Promise<void>;
  /** Makes sure that an organisation's records are found. Call it for each event whose record somebody else writes. */
  sawTenant(tenantId: string): void;
};

type Options = {
  client: RedisClient;
  prefix: string;
  /** Whether organisations are spread over the nodes of a Cluster. */
  cluster: boolean;
  /** Whether there is room: false while Redis is nearly full. @defaultValue always */
  hasRoom?: () => boolean;
};

type Note = { readonly event: RecordedEvent; readonly lines: string; readonly open: boolean };

/** How long an organisation counts as recently seen, in milliseconds: so often its place in the list is renewed. */
const TENANT_SEEN_MS = 30_000;

/** From this many notes on, send at once instead of at the end of the turn. */
const MAX_TOGETHER = 64;

/** The stream keeps about this many requests' groups at most: what nobody removes, as without a worker, ends there. */
const MAX_GROUPS = 200_000;

/** Records nothing: for `RECORD=off`. */
export const NO_RECORDER: Recorder = {
  hasRoom: () => false,
  received() {},
  note() {},
  async written() {},
  sawTenant() {},
};

export function createRecorder({ client, prefix, cluster, hasRoom = () => true }: Options): Recorder {
  const noteEvents = bindScript(client, new URL('note-events.lua', import.meta.url), NOTE_FUNCTIONS);
  const keys = commonKeys(prefix);
  const tenantsSeen = new Map<string, number>();
  let waiting: Note[] = [];
  let allSent = Promise.resolve();

  // A client that waits for Redis would keep everything in memory until Redis is back.
  const canWrite = (): boolean => client.status === 'ready' && hasRoom();

  function sawTenant(tenantId: string): void {
    const now = Date.now();
    const tenant = tenantId.toLowerCase();
    if (now - (tenantsSeen.get(tenant) ?? 0) < TENANT_SEEN_MS || !canWrite()) return;
    tenantsSeen.set(tenant, now);
    // Where it fails, the next event tries again.
    client.zadd(keys.tenants, now, tenant).catch(() => tenantsSeen.delete(tenant));
  }

  function send(notes: readonly Note[]): void {
    const args = notes.flatMap(({ event, lines, open }) => [event.jobId, headerText(event), lines, open ? '1' : '0']);
    const where = notes.map(({ event }) => recordsRoot(prefix, event.tenantId));
    const sent = noteEvents(where, args).catch(() => {});
    allSent = Promise.all([allSent, sent]).then(() => {});
  }

  function flush(): void {
    const notes = waiting;
    waiting = [];
    if (!canWrite()) return;
    if (!cluster) send(notes);
    else for (const group of Map.groupBy(notes, ({ event }) => event.tenantId.toLowerCase()).values()) send(group);
  }

  return {
    hasRoom,
    received(events) {
      if (events.length === 0 || !canWrite()) return;
      client.xadd(keys.received, 'MAXLEN', '~', MAX_GROUPS, '*', 'e', receivedText(events)).catch(() => {});
    },
    note(event, lines, open) {
      sawTenant(event.tenantId);
      waiting.push({ event, lines: lines.map((line) => `${line}\n`).join(''), open });
      if (waiting.length === 1) setImmediate(() => waiting.length > 0 && flush());
      if (waiting.length >= MAX_TOGETHER) flush();
    },
    async written() {
      if (waiting.length > 0) flush();
      await allSent;
    },
    sawTenant,
  };
}
