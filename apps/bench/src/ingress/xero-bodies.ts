import { createHmac, randomUUID } from 'node:crypto';

/** A body with one event has about so many bytes, as Xero's do. */
const EVENT_BYTES = 600;

/** Makes bodies like Xero's without end, every event in them another one. */
export function* xeroBodies(eventsEach: number, tenantIds: readonly string[]): Generator<string, never> {
  const start = Date.now();
  for (let sequence = 1; ; sequence += eventsEach) {
    const events = Array.from({ length: eventsEach }, (_, index) =>
      eventText(tenantIds[(sequence + index) % tenantIds.length]!, new Date(start + sequence + index)),
    );
    const last = sequence + eventsEach - 1;
    yield `{"events":[${events.join(',')}],"firstEventSequence": ${sequence},"lastEventSequence": ${last}, "entropy": "FXNGWLCCGVANWHKILRUB"}`;
  }
}

function eventText(tenantId: string, time: Date): string {
  const resourceId = randomUUID();
  const text = `{"resourceUrl":"https://api.xero.com/api.xro/2.0/Invoices/${resourceId}","resourceId":"${resourceId}","tenantId":"${tenantId}","tenantType":"ORGANISATION","eventCategory":"INVOICE","eventType":"UPDATE","eventDateUtc":"${time.toISOString()}","data":{"Type":"ACCREC","Status":"AUTHORISED","Reference":""}}`;
  const filling = 'x'.repeat(Math.max(0, EVENT_BYTES - 100 - text.length));
  return text.replace('"Reference":""', `"Reference":"${filling}"`);
}

/** Signs as Xero does. */
export function sign(body: string, key: string): string {
  return createHmac('sha256', key).update(body).digest('base64');
}
