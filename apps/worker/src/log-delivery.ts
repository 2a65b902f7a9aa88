import type { Delivery, TakenJob } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';

/** Writes one wide line about what became of a job. */
export function logDelivery(log: Log, { id, name, data }: TakenJob, delivery: Delivery, ms: number): void {
  const runs = 'runs' in delivery ? delivery.runs : [];
  const fields = {
    event: name,
    key: id,
    tenantId: data.event.tenantId,
    resourceId: data.event.resourceId,
    deliveryId: data.deliveryId,
    outcome: delivery.outcome,
    ...(runs.length > 0
      ? { handlers: Object.fromEntries(runs.map(({ handler, result }) => [handler, result.outcome])) }
      : {}),
    ...(runs.length > 0 ? { attempt: Math.max(...runs.map(({ attempt }) => attempt)) } : {}),
    ms: Math.round(ms * 10) / 10,
    sinceReceivedMs: Date.now() - data.receivedAt,
  };
  switch (delivery.outcome) {
    case 'handled':
      log.info(fields, 'event handled');
      return;
    case 'unhandled':
      log.warn(fields, 'no handler listens for this event');
      return;
    case 'duplicate':
      log.info(fields, 'event was handled before');
      return;
    case 'busy':
      log.debug(fields, 'event waits for its turn: another of the same resource is at work');
      return;
    case 'waiting': {
      const next = { nextInMs: delivery.dueMs, nextAt: new Date(Date.now() + delivery.dueMs).toISOString() };
      if (delivery.error)
        log.warn({ ...fields, ...next, error: delivery.error.message }, 'event failed, to be tried again');
      else log.info({ ...fields, ...next, ...reasonOf(delivery) }, 'event put back for later');
      return;
    }
    case 'dead':
      log.error({ ...fields, error: delivery.error.message, alert: 'dead-letter' }, 'event is a dead letter');
  }
}

/** Why handlers wait that have not failed: they asked for it, or there is no budget or token of Xero's. */
function reasonOf({ runs }: Extract<Delivery, { outcome: 'waiting' }>): { reason?: string } {
  const reasons = new Set(runs.flatMap(({ result }) => ('reason' in result ? [result.reason] : [])));
  return reasons.size === 0 ? {} : { reason: [...reasons].join('; ') };
}
