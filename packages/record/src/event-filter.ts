import type { RecordedEvent } from './event-record.ts';
import type { EventState } from './event-states.ts';

/** Which events to find: all that is given has to hold. Times are in milliseconds since 1970 and mean the receipt. */
export type EventFilter = {
  readonly tenantId?: string | undefined;
  readonly resourceId?: string | undefined;
  /** The event's key, which is its job's id. */
  readonly jobId?: string | undefined;
  /** For example `invoice.updated`. */
  readonly name?: string | undefined;
  readonly states?: readonly EventState[] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
};

/** What an id can mean to a person, in the order in which it is looked for: the first of these that has events. */
export function meaningsOf(id: string): readonly EventFilter[] {
  return [{ resourceId: id }, { jobId: id }, { tenantId: id }];
}

/** Whether an event is one of those. */
export function fitsFilter(event: RecordedEvent & { readonly state: EventState }, filter: EventFilter): boolean {
  const { tenantId, resourceId, jobId, name, states, since, until } = filter;
  return (
    (tenantId === undefined || event.tenantId === tenantId.toLowerCase()) &&
    (resourceId === undefined || event.resourceId === resourceId.toLowerCase()) &&
    (jobId === undefined || event.jobId === jobId) &&
    (name === undefined || event.name === name) &&
    (states === undefined || states.includes(event.state)) &&
    (since === undefined || event.receivedAt >= since) &&
    (until === undefined || event.receivedAt <= until)
  );
}
