import type { RecordedEvent } from '@xero-webhooks/record';
import type { EventJob } from './event-job.ts';

/** A job as the record knows it. */
export function recordedEvent({ id, name, data }: EventJob): RecordedEvent {
  const { event, receivedAt, deliveryId, source } = data;
  const { tenantId, resourceId, eventDateUtc } = event;
  return { jobId: id, tenantId, resourceId, name, eventDateUtc, receivedAt, deliveryId, source };
}
