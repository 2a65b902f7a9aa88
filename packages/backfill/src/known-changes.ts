import type { EventRecord } from '@xero-webhooks/record';
import { createEventSearch, readResourceRecords } from '@xero-webhooks/record';
import type { RedisClient } from '@xero-webhooks/runtime';
import { fixedWidthDate } from '@xero-webhooks/webhook';
import type { Change } from './change.ts';

/** Tells which changes need no event: of the same state or a later one, an event was handled or is on its way. */
export type KnownChanges = (tenantId: string, changes: readonly Change[]) => Promise<ReadonlySet<Change>>;

/** Events that nobody has worked on yet are looked through as far as this. */
const MAX_RECEIVED = 5_000;

/** Looks changes up in the record. Without one, none is known: a change that was handled is handled again. */
export function createKnownChanges(client: RedisClient, prefix: string): KnownChanges {
  const search = createEventSearch(client, prefix);
  return async (tenantId, changes) => {
    const ids = changes.map(({ resourceId }) => resourceId);
    const recorded = await readResourceRecords(client, prefix, tenantId, ids);
    const { events: received } = await search.find({ tenantId, states: ['received'] }, MAX_RECEIVED);
    const newest = new Map<string, number>();
    for (const event of [...recorded, ...received]) {
      const date = isSettledOrComing(event) ? dateOf(event) : undefined;
      if (date !== undefined && date > (newest.get(event.resourceId) ?? 0)) newest.set(event.resourceId, date);
    }
    return new Set(changes.filter(({ resourceId, updatedAt }) => (newest.get(resourceId) ?? 0) >= updatedAt));
  };
}

/** Not a dead letter, nor what was dropped or no handler was there for. */
function isSettledOrComing({ state }: EventRecord): boolean {
  return (
    state === 'handled' || state === 'received' || state === 'failing' || state === 'parked' || state === 'delayed'
  );
}

function dateOf({ eventDateUtc }: EventRecord): number | undefined {
  const date = fixedWidthDate(eventDateUtc);
  return date === undefined ? undefined : Date.parse(date);
}
