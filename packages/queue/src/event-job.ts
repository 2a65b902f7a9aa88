import { createHash } from 'node:crypto';
import type { EventSource } from '@xero-webhooks/handlers';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey, eventName, readEvent } from '@xero-webhooks/webhook';

/** The version of a job's data that this release writes, and the newest that it reads. */
const JOB_VERSION = 1;

/** The data of a job. Only optional fields may be added; any other change needs a new `v`. */
export type EventJobData = {
  readonly v: typeof JOB_VERSION;
  /** As Xero sent it. */
  readonly event: XeroEvent;
  /** The event's number in Xero's sequence, `null` if the payload's bounds did not fit. A hint, never an order. */
  readonly sequence: number | null;
  /** When the request came, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request that brought it: the same for all events of one payload. */
  readonly deliveryId: string;
  readonly source: EventSource;
  /** The only handlers that may run, if not all of the event. */
  readonly handlers?: readonly string[];
  /** The root of the idempotency keys, if it is not the job's id. */
  readonly key?: string;
  /** The span of the request, as W3C writes it: the handlers' spans are its children. Only where requests are traced. */
  readonly traceparent?: string;
};

/** Whether a job's data is that of an event: anything that can reach Redis can add jobs. */
export function isEventJobData(data: unknown): data is EventJobData {
  return typeof data === 'object' && data !== null && 'event' in data && readEvent(data.event).readable;
}

/** Whether a newer release wrote a job's data, so that this one cannot read it. */
export function isOfNewerRelease(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'v' in data && Number(data.v) > JOB_VERSION;
}

/** A job as it goes into the queue. */
export type EventJob = { readonly id: string; readonly name: string; readonly data: EventJobData };

/** The job of an event. Its name is the event's name, its id the event's key. */
export function eventJob(data: Omit<EventJobData, 'v'>): EventJob {
  return { id: eventKey(data.event), name: eventName(data.event), data: { v: JOB_VERSION, ...data } };
}

/**
 * A job that handles an event again even if it was handled before. Its id, and so the root of the idempotency keys, is
 * `<event key>.<run>`.
 *
 * @param run tells this replay from others of the same event: 1 to 16 letters or digits
 */
export function forcedJob(data: Omit<EventJobData, 'v' | 'source' | 'key'>, run: string): EventJob {
  if (!/^[A-Za-z0-9]{1,16}$/.test(run)) throw new TypeError('run must be 1 to 16 letters or digits');
  const job = eventJob({ ...data, source: 'replay' });
  return { ...job, id: `${job.id}.${run}` };
}

/**
 * A job that runs one handler for an event that it has not handled, with the idempotency key that it would have had. Its
 * id follows from both, so that the handler runs once however often the job is added.
 */
export function handlerJob(data: Omit<EventJobData, 'v' | 'source' | 'handlers' | 'key'>, handler: string): EventJob {
  const { id: key } = eventJob({ ...data, source: 'replay' });
  const mark = createHash('sha256').update(handler).digest('hex').slice(0, 12);
  return { ...eventJob({ ...data, source: 'replay', handlers: [handler], key }), id: `${key}.h${mark}` };
}
