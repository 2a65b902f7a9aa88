import type { RedisClient } from '@xero-webhooks/runtime';
import type { EventFilter } from './event-filter.ts';
import { fitsFilter } from './event-filter.ts';
import type { EventRecord } from './event-record.ts';
import type { EventState } from './event-states.ts';
import { commonKeys, tenantKeys } from './keys.ts';
import type { Place } from './place.ts';
import { byPlace, isAfter, NEWEST, readCursor, writeCursor } from './place.ts';
import { mergeNewest } from './merge-newest.ts';
import type { RecordId } from './read-records.ts';
import { readRecords } from './read-records.ts';
import { createReceivedEvents } from './received-events.ts';

/** A part of what was found, newest first. `next` is the cursor to go on from; `undefined` at the end. */
export type EventPage = { readonly events: readonly EventRecord[]; readonly next: string | undefined };

export type EventSearch = {
  /**
   * Finds events. A filter that fits few of many can give a page with fewer than `limit` events that has a `next`.
   *
   * @param limit how many events at most
   * @param cursor `next` of the page before
   * @throws RangeError where the cursor is not one of ours
   */
  find(filter: EventFilter, limit: number, cursor?: string): Promise<EventPage>;
};

/** Events after a place; those after `end` were not looked at. */
type Found = { readonly events: readonly EventRecord[]; readonly end: Place | undefined };

/** Records that one page looks at, before it answers with what it has. */
const MAX_LOOKED_AT = 5_000;

/** Records that are read together. */
const RECORDS_TOGETHER = 200;

/** What each of many organisations is asked for beyond its share of what is wanted. */
const MIN_EACH = 4;

/** A resource has at most so many events in one answer. */
const MAX_OF_RESOURCE = 10_000;

/** What an organisation's set of open events holds. */
const OPEN: ReadonlySet<EventState> = new Set(['received', 'failing', 'parked', 'delayed', 'dead']);

export function createEventSearch(client: RedisClient, prefix: string): EventSearch {
  const received = createReceivedEvents(client, prefix);

  return {
    async find(filter, limit, cursor) {
      const after =
        cursor === undefined ? { ...NEWEST, receivedAt: filter.until ?? NEWEST.receivedAt } : readCursor(cursor);
      const isNamed = filter.jobId !== undefined || filter.resourceId !== undefined;
      const [{ events, end }, others] = await Promise.all([
        isNamed ? findNamed(filter) : findByTime(filter, after, limit),
        findUnrecorded(filter, after, limit + 1),
      ]);
      const all = [...events, ...others]
        .filter((event) => isAfter(event, after) && (end === undefined || !isAfter(event, end)))
        .toSorted(byPlace);
      const page = all.slice(0, limit);
      if (all.length > limit) return { events: page, next: writeCursor(page.at(-1)!) };
      return { events: page, next: end && writeCursor(end) };
    },
  };

  /** Organisations that have records, the latest first. */
  async function tenantsOf({ tenantId, since }: EventFilter): Promise<string[]> {
    if (tenantId !== undefined) return [tenantId.toLowerCase()];
    // One that had its last new event before the span has none in it.
    return client.zrange(commonKeys(prefix).tenants, '+inf', String(since ?? '-inf'), 'BYSCORE', 'REV');
  }

  /** The events of one resource, or one event. */
  async function findNamed(filter: EventFilter): Promise<Found> {
    const tenants = await tenantsOf({ tenantId: filter.tenantId });
    const ids = await Promise.all(tenants.map((tenantId) => idsNamed(tenantId, filter)));
    const records = await readRecords(client, prefix, ids.flat());
    return { events: records.filter((record) => fitsFilter(record, filter)), end: undefined };
  }

  async function idsNamed(tenantId: string, { jobId, resourceId }: EventFilter): Promise<RecordId[]> {
    if (jobId !== undefined) return [{ tenantId, jobId }];
    const jobIds = ((await client.get(tenantKeys(prefix, tenantId).resource(resourceId!))) ?? '').split('\n');
    return jobIds.slice(-MAX_OF_RESOURCE - 1, -1).map((id) => ({ tenantId, jobId: id }));
  }

  /** Looks through the records from a place on until there are enough, always at the newest of all organisations. */
  async function findByTime(filter: EventFilter, after: Place, limit: number): Promise<Found> {
    const tenants = await tenantsOf(filter);
    const sources = tenants.map((tenantId) => (from: Place, count: number) => idsAfter(tenantId, filter, from, count));
    const chooses = filter.name !== undefined || filter.states !== undefined;
    const wanted = chooses ? MAX_LOOKED_AT : limit + 1;
    const events: EventRecord[] = [];
    let lookedAt = 0;
    for await (const group of mergeNewest(sources, after, Math.ceil(wanted / tenants.length) + MIN_EACH)) {
      for (let at = 0; at < group.length; at += RECORDS_TOGETHER) {
        const ids = group.slice(at, at + RECORDS_TOGETHER);
        const records = await readRecords(client, prefix, ids);
        events.push(...records.filter((record) => fitsFilter(record, filter)));
        lookedAt += ids.length;
        if (events.length > limit || lookedAt >= MAX_LOOKED_AT) return { events, end: ids.at(-1) };
      }
    }
    return { events, end: undefined };
  }

  /** The next events of an organisation after a place. */
  async function idsAfter(
    tenantId: string,
    { states, since = 0 }: EventFilter,
    after: Place,
    count: number,
  ): Promise<(RecordId & Place)[]> {
    const { open, times } = tenantKeys(prefix, tenantId);
    const set = states?.every((state) => OPEN.has(state)) ? open : times;
    const ids: (RecordId & Place)[] = [];
    // Those of the same millisecond as the place can come before it: a payload has up to thousands of events.
    for (let offset = 0; ; offset += count) {
      const flat = await client.zrange(
        set,
        String(after.receivedAt),
        String(since),
        'BYSCORE',
        'REV',
        'LIMIT',
        offset,
        count,
        'WITHSCORES',
      );
      for (let at = 0; at < flat.length && ids.length < count; at += 2) {
        const id = { tenantId, jobId: flat[at]!, receivedAt: Number(flat[at + 1]) };
        if (isAfter(id, after)) ids.push(id);
      }
      if (ids.length === count || flat.length < 2 * count) return ids;
    }
  }

  /** Events without a record of their own: no worker has come to an end with them yet. */
  async function findUnrecorded(filter: EventFilter, after: Place, limit: number): Promise<EventRecord[]> {
    const { tenantId, resourceId, jobId, name, states, since = 0 } = filter;
    if (states && !states.includes('received')) return [];
    const texts = [tenantId?.toLowerCase(), resourceId?.toLowerCase(), jobId, name].filter(
      (text) => text !== undefined,
    );
    const found = new Map<string, EventRecord>();
    for await (const batch of received.read(texts, since, after.receivedAt)) {
      const fitting = batch
        .map((event) => ({ ...event, state: 'received' as const, dueAt: undefined, entries: [] }))
        .filter((event) => fitsFilter(event, filter) && isAfter(event, after));
      const recorded = await Promise.all(
        fitting.map((event) => client.exists(tenantKeys(prefix, event.tenantId).record(event.jobId))),
      );
      for (const [index, event] of fitting.entries()) if (recorded[index] === 0) found.set(event.jobId, event);
      if (found.size >= limit) break;
    }
    return [...found.values()];
  }
}
