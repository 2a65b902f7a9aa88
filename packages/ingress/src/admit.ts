import type { EventJob, QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';
import { eventJob } from '@xero-webhooks/queue';
import type { RedisState } from '@xero-webhooks/runtime';
import type { ParsedPayload, SequencedEvent, UnreadableEntry } from '@xero-webhooks/webhook';
import { createSignatureCheck, parsePayload, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { CommitOutcome } from './group-commit.ts';
import { createDeliveryIds } from './delivery-id.ts';
import type { RequestOutcome } from './outcome.ts';

/** The headers of a request, in lower case, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export type Admit = (rawBody: Uint8Array, headers: RequestHeaders) => Promise<RequestOutcome>;

export type AdmitOptions = {
  /** The webhook keys, any of which may match. */
  keys: readonly string[];
  /** Stores events; returns once Redis has confirmed them all. */
  commit: (jobs: readonly EventJob[], bytes: number) => Promise<CommitOutcome>;
  /** Keeps what cannot be read. */
  quarantine: (body: QuarantinedBody) => Promise<QuarantineOutcome>;
  /** What is known of Redis just now. */
  redis: () => RedisState;
  /** The time, in milliseconds since 1970. */
  now?: () => number;
};

type Delivery = { readonly deliveryId: string; readonly receivedAt: number };

/** From here on Redis is left to the workers, who need room to drain it. */
const NEARLY_FULL = 0.85;

/** How many unreadable events of one payload are described. */
const MAX_DETAILS = 5;

/**
 * Makes the function that decides on a request: it verifies the raw bytes, reads them, stores what they hold, and only
 * then says that they are accepted.
 */
export function createAdmit({ keys, commit, quarantine, redis, now = Date.now }: AdmitOptions): Admit {
  const check = createSignatureCheck(keys);
  const nextDeliveryId = createDeliveryIds();

  return async (rawBody, headers) => {
    const signature = headers[SIGNATURE_HEADER];
    const match = check(rawBody, typeof signature === 'string' ? signature : undefined);
    if (!match.matched) return { outcome: 'signature-mismatch', signed: signature !== undefined };
    const { keyIndex } = match;

    const payload = parsePayload(rawBody);
    if (payload.outcome === 'intent-to-receive') return { outcome: 'intent-to-receive', keyIndex };

    const state = redis();
    if (!state.usable) return { outcome: 'refused', reason: state.reason };
    if (state.memory >= NEARLY_FULL) return { outcome: 'refused', reason: 'Redis is nearly full' };

    const delivery = { deliveryId: nextDeliveryId(), receivedAt: now() };
    const refusal = await store(rawBody, payload, delivery);
    if (refusal) return refusal;
    if (payload.outcome === 'unreadable') {
      return { ...payload, deliveryId: delivery.deliveryId, keyIndex };
    }
    const { events, unreadable } = payload;
    return {
      outcome: 'accepted',
      deliveryId: delivery.deliveryId,
      keyIndex,
      events: events.length,
      unreadable: unreadable.length,
    };
  };

  async function store(
    body: Uint8Array,
    payload: Exclude<ParsedPayload, { outcome: 'intent-to-receive' }>,
    delivery: Delivery,
  ): Promise<RequestOutcome | undefined> {
    if (payload.outcome === 'unreadable')
      return keep({ body, cause: payload.cause, detail: payload.detail, ...delivery });

    // Both at once: each has the whole of the deadline, and neither waits for the other.
    const { events, unreadable } = payload;
    const [kept, enqueued] = await Promise.all([
      unreadable.length === 0
        ? undefined
        : keep({ body, cause: 'unreadable-events', detail: describe(unreadable), ...delivery }),
      events.length === 0 ? undefined : enqueue(events, body.byteLength, delivery),
    ]);
    return kept ?? enqueued;
  }

  async function enqueue(
    events: readonly SequencedEvent[],
    bytes: number,
    delivery: Delivery,
  ): Promise<RequestOutcome | undefined> {
    const jobs = events.map(({ event, sequence }) => eventJob({ event, sequence, ...delivery, source: 'webhook' }));
    const committed = await commit(jobs, bytes);
    return committed.outcome === 'refused' ? committed : undefined;
  }

  async function keep(body: QuarantinedBody): Promise<RequestOutcome | undefined> {
    const kept = await quarantine(body);
    switch (kept.outcome) {
      case 'kept':
      case 'known':
        return undefined;
      case 'full':
        return { outcome: 'refused', reason: 'the quarantine is full' };
      case 'unavailable':
        return { outcome: 'refused', reason: kept.reason };
      case 'failed':
        return { outcome: 'refused', reason: 'the body could not be quarantined', error: kept.error };
    }
  }
}

function describe(unreadable: readonly UnreadableEntry[]): string {
  const shown = unreadable.slice(0, MAX_DETAILS).map(({ index, detail }) => `event ${index}: ${detail}`);
  if (unreadable.length > MAX_DETAILS) shown.push(`and ${unreadable.length - MAX_DETAILS} more`);
  return shown.join('; ');
}
