import type { EventJobData } from './event-job.ts';
import { isEventJobData } from './event-job.ts';
import type { Gate } from './gate/gate.ts';
import { idsIn } from './ids-in.ts';
import type { LedgerEntry } from './gate/protocol.ts';
import type { EventQueue } from './open-queue.ts';

/** One of BullMQ's sets: `failed` holds the dead letters, `delayed` what runs again later, `completed` what is handled. */
export type EventSet = 'failed' | 'delayed' | 'completed';

/** An event in one of BullMQ's sets. */
export type StoredEvent = {
  /** The job's id. */
  readonly id: string;
  readonly name: string;
  /** `undefined` if something that is not an event was put into the queue. */
  readonly data: EventJobData | undefined;
  /** The handlers that failed last, and why, in one line. */
  readonly reason: string;
  /** When it became a dead letter or was handled, or else when it was enqueued, in milliseconds since 1970. */
  readonly at: number;
  /** What each handler came to: reason, stack and failures of those that have not succeeded. */
  readonly handlers: readonly LedgerEntry[];
};

/** Where an event is that is looked for by its key. */
export type FoundEvent = {
  /** The queue's name. */
  readonly queue: string;
  readonly set: EventSet | 'waiting' | 'active';
  readonly event: StoredEvent;
};

/** Jobs that are read together. */
const JOBS_AT_ONCE = 50;

/**
 * Reads the events of a set, the newest first, in batches. What enters the set meanwhile is left out, and what leaves it
 * may be among them, so that a caller can change them while it reads.
 *
 * @param newest how many of each queue at most @defaultValue all
 */
export async function* storedEvents(
  queues: readonly EventQueue[],
  gate: Gate,
  set: EventSet,
  newest = Infinity,
): AsyncGenerator<StoredEvent[]> {
  for (const queue of queues) {
    const ids = newest === Infinity ? await idsIn(queue, set) : await queue.getRanges([set], 0, newest - 1);
    for (let at = 0; at < ids.length; at += JOBS_AT_ONCE) {
      const events = await Promise.all(ids.slice(at, at + JOBS_AT_ONCE).map((id) => read(queue, gate, id)));
      yield events.filter((event) => event !== undefined);
    }
  }
}

/** Finds an event by its key, in whichever queue and set it is. */
export async function findStoredEvent(
  queues: readonly EventQueue[],
  gate: Gate,
  id: string,
): Promise<FoundEvent | undefined> {
  for (const queue of queues) {
    const event = await read(queue, gate, id);
    if (!event) continue;
    const state = await queue.getJobState(id);
    const isSet = state === 'failed' || state === 'delayed' || state === 'completed';
    return { queue: queue.name, set: isSet ? state : state === 'active' ? 'active' : 'waiting', event };
  }
  return undefined;
}

async function read(queue: EventQueue, gate: Gate, id: string): Promise<StoredEvent | undefined> {
  const job = await queue.getJob(id);
  if (!job) return undefined;
  const data = isEventJobData(job.data) ? job.data : undefined;
  return {
    id,
    name: job.name,
    data,
    reason: job.failedReason ?? '',
    at: job.finishedOn ?? job.timestamp,
    handlers: data ? await gate.read(data.event.tenantId, id) : [],
  };
}
