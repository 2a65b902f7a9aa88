import type { QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';
import { eventJob } from '@xero-webhooks/queue';
import type { ParsedPayload, UnreadableEntry } from '@xero-webhooks/webhook';
import type { Commit } from './group-commit.ts';
import type { StoreOutcome, StoreWithinLimits } from './storage-limits.ts';

/** A payload that has something to store. */
export type StorablePayload = Exclude<ParsedPayload, { outcome: 'intent-to-receive' }>;

/** What is recorded of Xero's request. `receivedAt` is in milliseconds since 1970. */
export type Delivery = { readonly deliveryId: string; readonly receivedAt: number };

/** Stores what a signed request holds: its readable events as jobs, and its body in quarantine if any part is unreadable. */
export type StorePayload = (body: Uint8Array, payload: StorablePayload, delivery: Delivery) => Promise<StoreOutcome>;

export type StorePayloadOptions = {
  withinLimits: StoreWithinLimits;
  commit: Commit;
  quarantine: (body: QuarantinedBody) => Promise<QuarantineOutcome>;
  /** The span of the request, where requests are traced. @defaultValue none */
  traceparent?: (() => string | undefined) | undefined;
};

/** How many unreadable events of one payload are described. */
const MAX_DETAILS = 5;

const STORED: StoreOutcome = { outcome: 'stored' };

export function createStorePayload(options: StorePayloadOptions): StorePayload {
  const { withinLimits, commit, quarantine, traceparent } = options;

  async function keep(body: QuarantinedBody): Promise<StoreOutcome> {
    return storeOutcome(await quarantine(body));
  }

  return (body, payload, delivery) =>
    withinLimits(body.byteLength, async (attempt) => {
      if (payload.outcome === 'unreadable') {
        return keep({ body, cause: payload.cause, detail: payload.detail, ...delivery });
      }
      // Both at once: each has the whole deadline, and neither waits for the other.
      const { events, unreadable } = payload;
      const span = traceparent?.();
      const traced = span === undefined ? {} : { traceparent: span };
      const jobs = events.map(({ event, sequence }) =>
        eventJob({ event, sequence, ...delivery, source: 'webhook', ...traced }),
      );
      const [kept, committed] = await Promise.all([
        unreadable.length === 0
          ? STORED
          : keep({ body, cause: 'unreadable-events', detail: describe(unreadable), ...delivery }),
        jobs.length === 0 ? STORED : commit(jobs, attempt),
      ]);
      return kept.outcome === 'refused' ? kept : committed;
    });
}

function storeOutcome(kept: QuarantineOutcome): StoreOutcome {
  switch (kept.outcome) {
    case 'kept':
    case 'known':
      return STORED;
    case 'full':
      return { outcome: 'refused', reason: 'the quarantine is full' };
    case 'unavailable':
      return { outcome: 'refused', reason: kept.reason };
    case 'failed':
      return { outcome: 'refused', reason: 'the body could not be quarantined', error: kept.error };
  }
}

function describe(unreadable: readonly UnreadableEntry[]): string {
  const shown = unreadable.slice(0, MAX_DETAILS).map(({ index, detail }) => `event ${index}: ${detail}`);
  if (unreadable.length > MAX_DETAILS) shown.push(`and ${unreadable.length - MAX_DETAILS} more`);
  return shown.join('; ');
}
