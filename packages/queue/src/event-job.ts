import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey, eventName, readEvent } from '@xero-webhooks/webhook';

/** The newest form of a job's data that this release reads and the one that it writes. */
const JOB_VERSION = 1;

/** Where an event came from. */
export type EventSource = 'webhook' | 'replay' | 'backfill';

/** What a job carries. It grows only by optional fields; anything else is a new `v`. */
export type EventJobData = {
  readonly v: typeof JOB_VERSION;
  /** As Xero sent it. */
  readonly event: XeroEvent;
  /** The event's number in Xero's sequence, `null` where the payload's bounds did not fit. A hint, never an order. */
  readonly sequence: number | null;
  /** When the request came, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request that brought it: the same for all events of one payload. */
  readonly deliveryId: string;
  readonly source: EventSource;
};

/** Whether a job's data is that of an event: anybody who reaches Redis can put something into the queue. */
export function isEventJobData(data: unknown): data is EventJobData {
  return typeof data === 'object' && data !== null && 'event' in data && readEvent(data.event).readable;
}

/** Whether a newer release wrote a job's data: this one does not know how to read it. */
export function isOfNewerRelease(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'v' in data && Number(data.v) > JOB_VERSION;
}

/** A job as it goes into the queue. */
export type EventJob = { readonly id: string; readonly name: string; readonly data: EventJobData };

/** Makes the job of an event: its name is the event's name, its id the event's key. */
export function eventJob(data: Omit<EventJobData, 'v'>): EventJob {
  return { id: eventKey(data.event), name: eventName(data.event), data: { v: JOB_VERSION, ...data } };
}

/**
 * Makes a job that handles an event once more, though it may have been handled before: its id, and with it the root of
 * the idempotency keys, is `<event key>.<run>`.
 *
 * @param run tells this replay from others of the same event: letters and digits
 */
export function forcedJob(data: Omit<EventJobData, 'v' | 'source'>, run: string): EventJob {
  if (!/^[A-Za-z0-9]{1,16}$/.test(run)) throw new TypeError('run has to be 1 to 16 letters or digits');
  const job = eventJob({ ...data, source: 'replay' });
  return { ...job, id: `${job.id}.${run}` };
}
