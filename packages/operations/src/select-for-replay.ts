import type { EventJobData, EventQueue, Gate, QueueRedis } from '@xero-webhooks/queue';
import { handlerJob, storedEvents } from '@xero-webhooks/queue';
import type { EventFilter, EventRecord } from '@xero-webhooks/record';
import { createEventSearch, readRecords } from '@xero-webhooks/record';

/** Which handled events to run again. Times mean the receipt, in milliseconds since 1970. */
export type ReplaySelection = {
  readonly event?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
};

/** An event that can be replayed. */
export type Replayable = { readonly jobId: string; readonly name: string; readonly data: EventJobData };

/**
 * What a replay would run. `gone`: handled events whose payload is no longer kept. `handled`: the handler has handled
 * them. `unknown`: no record says whether it has.
 */
export type ReplayPlan = {
  readonly events: readonly Replayable[];
  readonly gone: number;
  readonly handled: number;
  readonly unknown: number;
};

/** Records that one page of a search has, and that are read together. */
const PAGE = 1_000;

/**
 * Finds the handled events that are to run again.
 *
 * @param handler only those that this handler has not handled; `undefined` for all
 */
export async function selectForReplay(
  redis: QueueRedis,
  queues: readonly EventQueue[],
  gate: Gate,
  selection: ReplaySelection,
  handler: string | undefined,
): Promise<ReplayPlan> {
  const kept: Replayable[] = [];
  for await (const batch of storedEvents(queues, gate, 'completed')) {
    for (const { id, name, data } of batch) {
      // A replay is not replayed: its event is.
      if (data && !id.includes('.') && isSelected(name, data, selection)) kept.push({ jobId: id, name, data });
    }
  }
  const gone = await countGone(redis, selection, new Set(kept.map(({ jobId }) => jobId)));
  if (handler === undefined) return { events: kept, gone, handled: 0, unknown: 0 };

  const events: Replayable[] = [];
  const counts = { handled: 0, unknown: 0 };
  for (let at = 0; at < kept.length; at += PAGE) {
    const page = kept.slice(at, at + PAGE);
    const records = await recordsOf(redis, page, handler);
    for (const event of page) {
      const [record, replay] = [records.get(event.jobId), records.get(handlerJob(event.data, handler).id)];
      if ([record, replay].some((one) => one && hasHandled(one, handler))) counts.handled++;
      else if (record) events.push(event);
      else counts.unknown++;
    }
  }
  return { events, gone, ...counts };
}

function isSelected(name: string, { event, receivedAt }: EventJobData, selection: ReplaySelection): boolean {
  const { event: wanted, tenantId, resourceId, since = 0, until = Infinity } = selection;
  const isSame = (a: string, b: string | undefined): boolean => b === undefined || a.toLowerCase() === b.toLowerCase();
  return (
    isSame(name, wanted) &&
    isSame(event.tenantId, tenantId) &&
    isSame(event.resourceId, resourceId) &&
    receivedAt >= since &&
    receivedAt <= until
  );
}

async function recordsOf(
  { client, prefix }: QueueRedis,
  events: readonly Replayable[],
  handler: string,
): Promise<Map<string, EventRecord>> {
  const ids = events.flatMap(({ jobId, data }) => {
    const tenantId = data.event.tenantId.toLowerCase();
    return [jobId, handlerJob(data, handler).id].map((id) => ({ tenantId, jobId: id }));
  });
  const records = await readRecords(client, prefix, ids);
  return new Map(records.map((record) => [record.jobId, record]));
}

function hasHandled({ entries }: EventRecord, handler: string): boolean {
  return entries.some(
    (entry) => entry.kind === 'attempt' && entry.handler === handler && entry.outcome === 'succeeded',
  );
}

/** Counts the events that the record knows as handled, and whose jobs are gone. */
async function countGone(
  { client, prefix }: QueueRedis,
  { event: name, ...selection }: ReplaySelection,
  kept: ReadonlySet<string>,
): Promise<number> {
  const search = createEventSearch(client, prefix);
  const filter: EventFilter = { ...selection, name, states: ['handled', 'unhandled'] };
  let gone = 0;
  let cursor: string | undefined;
  do {
    const page = await search.find(filter, PAGE, cursor);
    gone += page.events.filter(({ jobId }) => !jobId.includes('.') && !kept.has(jobId)).length;
    cursor = page.next;
  } while (cursor !== undefined);
  return gone;
}
