import type { EnqueueOutcome, EventJob } from '@xero-webhooks/queue';
import type { Metrics } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';

type Enqueue = (jobs: readonly EventJob[]) => Promise<EnqueueOutcome>;

const KNOWN: ReadonlySet<string> = new Set(KNOWN_EVENT_NAMES);

/** Counts what Redis has confirmed, by name. Names come from outside: those that are not documented count together. */
export function countEvents(enqueue: Enqueue, metrics: Metrics): Enqueue {
  const accepted = counterOf(metrics, 'xw_events_accepted_total');
  const duplicate = counterOf(metrics, 'xw_events_duplicate_total');
  return async (jobs) => {
    const enqueued = await enqueue(jobs);
    if (enqueued.outcome === 'enqueued') {
      for (const [event, count] of tallyOf(jobs)) accepted.inc({ event }, count);
      for (const [event, count] of tallyOf(enqueued.duplicates ?? [])) duplicate.inc({ event }, count);
    }
    return enqueued;
  };
}

function tallyOf(jobs: readonly EventJob[]): Map<string, number> {
  const tally = new Map<string, number>();
  for (const { name } of jobs) {
    const event = KNOWN.has(name) ? name : 'other';
    tally.set(event, (tally.get(event) ?? 0) + 1);
  }
  return tally;
}
