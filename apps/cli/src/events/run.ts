import { setTimeout as wait } from 'node:timers/promises';
import type { EventFilter, EventRecord, EventSearch } from '@xero-webhooks/record';
import { createEventSearch, meaningsOf } from '@xero-webhooks/record';
import { withOperations } from '../open-operations.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import type { EventsOptions } from './command.ts';
import { eventsTable, timelineOf } from './event-text.ts';
import { recordJson } from './record-json.ts';

/** How often new events are looked for, in milliseconds. */
const FOLLOW_MS = 1_000;

/** More events than this of one thing are a list, fewer are shown with their timelines. */
const MAX_TIMELINES = 5;

/** Shows events. The exit code is 1 if what was asked for by id is not there. */
export async function runEvents(id: string | undefined, options: EventsOptions): Promise<void> {
  await withOperations(undefined, async ({ redis, signal }) => {
    const search = createEventSearch(redis.client, redis.prefix);
    const filter = filterOf(options);
    const { events, more } = await findById(search, id, filter, options.limit);
    if (options.follow) return follow(search, id, filter, events, options, signal);
    if (options.json) printJson({ events: events.map(recordJson), more });
    else printLines(describe(id, events, more));
    process.exitCode = id !== undefined && events.length === 0 ? 1 : 0;
  });
}

function filterOf({ event: name, tenant: tenantId, outcome, since, until }: EventsOptions): EventFilter {
  return { name, tenantId, since, until, states: outcome && [outcome] };
}

/** An id can be a resource, an event's key or an organisation: the first of these that has events. */
async function findById(
  search: EventSearch,
  id: string | undefined,
  filter: EventFilter,
  limit: number,
): Promise<{ events: readonly EventRecord[]; more: boolean }> {
  const filters = id === undefined ? [filter] : meaningsOf(id).map((meaning) => ({ ...filter, ...meaning }));
  for (const one of filters) {
    const found = await findSome(search, one, limit);
    if (found.events.length > 0) return found;
  }
  return { events: [], more: false };
}

/** A filter that fits few of many gives pages with less than was asked for. */
async function findSome(
  search: EventSearch,
  filter: EventFilter,
  limit: number,
): Promise<{ events: readonly EventRecord[]; more: boolean }> {
  const events: EventRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await search.find(filter, limit - events.length, cursor);
    events.push(...page.events);
    cursor = page.next;
  } while (cursor !== undefined && events.length < limit);
  return { events, more: cursor !== undefined };
}

function describe(id: string | undefined, events: readonly EventRecord[], more: boolean): string[] {
  if (events.length === 0) {
    const kept = 'records are kept for RECORD_RETENTION_S, 7 days by default, and only while RECORD is on';
    return [id === undefined ? 'no events match' : `nothing is on record of ${id}`, kept];
  }
  if (id !== undefined && events.length <= MAX_TIMELINES) {
    return events.flatMap((event, index) => [...(index === 0 ? [] : ['']), ...timelineOf(event)]);
  }
  return [...eventsTable(events), ...(more ? ['', 'there are more: --limit shows them'] : [])];
}

/** Prints each event again whenever there is more on record of it. */
async function follow(
  search: EventSearch,
  id: string | undefined,
  filter: EventFilter,
  first: readonly EventRecord[],
  { json, limit }: EventsOptions,
  signal: AbortSignal,
): Promise<void> {
  const shown = new Map<string, string>();
  const began = Date.now();
  const show = (events: readonly EventRecord[]): void => {
    for (const event of events.toReversed()) {
      const version = JSON.stringify([event.state, event.entries.length, event.entries.at(-1)]);
      if (shown.get(event.jobId) === version) continue;
      shown.set(event.jobId, version);
      if (json) process.stdout.write(`${JSON.stringify(recordJson(event))}\n`);
      else printLines(eventsTable([event]).slice(1));
    }
  };
  show(first);
  while (!signal.aborted) {
    await wait(FOLLOW_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const since = Math.max(filter.since ?? 0, began - 3_600_000);
    show((await findById(search, id, { ...filter, since }, Math.max(limit, 500))).events);
  }
}
