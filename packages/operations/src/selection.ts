import type { StoredEvent } from '@xero-webhooks/queue';

/** Which events to act on: all that is given has to hold. Times are in milliseconds since 1970. */
export type Selection = {
  /** The event's name, for example `invoice.updated`. */
  readonly event?: string | undefined;
  /** A handler that has not succeeded. */
  readonly handler?: string | undefined;
  readonly tenantId?: string | undefined;
  /** For a dead letter, when it became one; else when it was enqueued. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Text that occurs in the reason, in whatever case. */
  readonly reason?: string | undefined;
  /** Only these, by job id. */
  readonly ids?: ReadonlySet<string> | undefined;
};

/** Whether an event is one of those. */
export function isSelected(event: StoredEvent, selection: Selection): boolean {
  const { event: name, handler, tenantId, since, until, reason, ids } = selection;
  const open = event.handlers.filter(({ state }) => state !== 'ok');
  return (
    (ids === undefined || ids.has(event.id)) &&
    (name === undefined || event.name === name) &&
    (handler === undefined || open.some((one) => one.handler === handler)) &&
    (tenantId === undefined || event.data?.event.tenantId.toLowerCase() === tenantId.toLowerCase()) &&
    (since === undefined || event.at >= since) &&
    (until === undefined || event.at <= until) &&
    (reason === undefined || reasonOf(event).toLowerCase().includes(reason.toLowerCase()))
  );
}

/** Why an event is where it is: what its handlers said last. */
export function reasonOf({ handlers, reason }: StoredEvent): string {
  const reasons = handlers.flatMap((entry) =>
    entry.state === 'ok' ? [] : [`${entry.handler}: ${entry.details.reason}`],
  );
  return reasons.length > 0 ? reasons.join('; ') : reason;
}

/** The filter in words, for the log and for people: never empty. */
export function describeSelection(selection: Selection): string {
  const { ids, since, until, ...texts } = selection;
  const times = { since, until };
  const words = [
    ...Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])),
    ...Object.entries(times).flatMap(([name, time]) =>
      time === undefined ? [] : [`${name} ${new Date(time).toISOString()}`],
    ),
    ...(ids === undefined ? [] : [ids.size === 1 ? `key ${[...ids][0]}` : `${ids.size} keys`]),
  ];
  return words.length === 0 ? 'all' : words.join(', ');
}
