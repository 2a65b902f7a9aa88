import { reasonOf } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';
import type { StoredEventJson } from './stored-event-schema.ts';

/** An event in a queue as `--json` prints it. */
export function storedJson(event: StoredEvent): StoredEventJson {
  const { id, name, data, at, handlers } = event;
  return {
    key: id,
    event: name,
    tenantId: data?.event.tenantId ?? null,
    resourceId: data?.event.resourceId ?? null,
    receivedAt: data ? new Date(data.receivedAt).toISOString() : null,
    at: new Date(at).toISOString(),
    reason: reasonOf(event),
    handlers: handlers.map(handlerJson),
  };
}

function handlerJson(entry: StoredEvent['handlers'][number]): StoredEventJson['handlers'][number] {
  const { handler } = entry;
  if (entry.state === 'ok') return { handler, state: 'succeeded' };
  const { failures, details } = entry;
  const last = { handler, failures, reason: details.reason };
  if (entry.state === 'dead') return { ...last, state: 'dead' };
  return { ...last, state: 'waiting', dueAt: new Date(entry.dueAt).toISOString() };
}
