import { reasonOf } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';

/** An event in a queue as `--json` prints it. */
export function storedJson(event: StoredEvent): object {
  const { id, name, data, at, handlers } = event;
  return {
    key: id,
    event: name,
    tenantId: data?.event.tenantId ?? null,
    resourceId: data?.event.resourceId ?? null,
    receivedAt: data ? new Date(data.receivedAt).toISOString() : null,
    at: new Date(at).toISOString(),
    reason: reasonOf(event),
    handlers: handlers.map((entry) =>
      entry.state === 'ok'
        ? { handler: entry.handler, state: 'succeeded' }
        : {
            handler: entry.handler,
            state: entry.state === 'dead' ? 'dead' : 'waiting',
            failures: entry.failures,
            reason: entry.details.reason,
            ...(entry.state === 'dead' ? {} : { dueAt: new Date(entry.dueAt).toISOString() }),
          },
    ),
  };
}
