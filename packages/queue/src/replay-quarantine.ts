import { parsePayload } from '@xero-webhooks/webhook';
import { eventJob } from './event-job.ts';
import type { Producer } from './producer.ts';
import type { Quarantine } from './quarantine.ts';

/**
 * The outcome for a body in quarantine. `unreadable`: part of it still cannot be read, so it stays; the rest is enqueued
 * all the same.
 */
export type ReplayOutcome =
  | { outcome: 'replayed'; events: number }
  | { outcome: 'unreadable'; events: number; detail: string }
  | { outcome: 'absent' }
  | { outcome: 'unavailable'; reason: string };

/**
 * Reads a body in quarantine again, with the parser of this release, and enqueues its events. Events that were readable
 * before become the same jobs as then. The body is dropped once all of it has been read.
 */
export async function replayQuarantined(
  id: string,
  quarantine: Quarantine,
  producer: Producer,
): Promise<ReplayOutcome> {
  const entry = await quarantine.read(id);
  if (!entry) return { outcome: 'absent' };
  const payload = parsePayload(entry.body);
  if (payload.outcome === 'unreadable') return { outcome: 'unreadable', events: 0, detail: payload.detail };

  const { deliveryId, receivedAt } = entry;
  const events = payload.outcome === 'events' ? payload.events : [];
  const jobs = events.map((event) => eventJob({ ...event, deliveryId, receivedAt, source: 'replay' }));
  const stored = jobs.length === 0 ? { outcome: 'enqueued' as const } : await producer.enqueue(jobs);
  if (stored.outcome === 'unavailable') return stored;
  if (stored.outcome === 'failed') throw stored.error;

  const left = payload.outcome === 'events' ? payload.unreadable : [];
  if (left.length > 0) {
    return { outcome: 'unreadable', events: jobs.length, detail: `event ${left[0]!.index}: ${left[0]!.detail}` };
  }
  await quarantine.drop(id);
  return { outcome: 'replayed', events: jobs.length };
}
