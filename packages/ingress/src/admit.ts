import type { RedisState } from '@xero-webhooks/runtime';
import { createSignatureCheck, parsePayload, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { SequenceSpan } from '@xero-webhooks/queue';
import { createDeliveryIds } from './delivery-id.ts';
import type { RequestOutcome } from './request-outcome.ts';
import { sequenceSpan } from './sequence-span.ts';
import type { StorePayload } from './store-payload.ts';

/** The headers of a request, names in lower case, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Decides on a request: verifies the raw bytes, parses them, and stores what they hold before it accepts them. */
export type Admit = (rawBody: Uint8Array, headers: RequestHeaders) => Promise<RequestOutcome>;

export type AdmitOptions = {
  /** The webhook keys, any of which may match. */
  keys: readonly string[];
  store: StorePayload;
  /** The state of Redis as last seen; asking costs no round trip. */
  redis: () => RedisState;
  /** Told of the numbers of the events of each payload that was stored. @defaultValue nobody is */
  noteSpan?: (key: string, span: SequenceSpan) => void;
  /** The time, in milliseconds since 1970. */
  now?: () => number;
};

/** From this part of Redis's memory on, the rest is left to the workers, which need room to drain it. */
const NEARLY_FULL = 0.85;

export function createAdmit({ keys, store, redis, noteSpan, now = Date.now }: AdmitOptions): Admit {
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
    if (!state.usable) return { outcome: 'refused', reason: state.reason, keyIndex };
    if (state.memory >= NEARLY_FULL) return { outcome: 'refused', reason: 'Redis is nearly full', keyIndex };

    const deliveryId = nextDeliveryId();
    const stored = await store(rawBody, payload, { deliveryId, receivedAt: now() });
    if (stored.outcome === 'refused') return { ...stored, keyIndex };
    if (payload.outcome === 'unreadable') return { ...payload, deliveryId, keyIndex };
    const { events, unreadable } = payload;
    const span = noteSpan && sequenceSpan(payload);
    if (span) noteSpan?.(keys[keyIndex]!, span);
    return { outcome: 'accepted', deliveryId, keyIndex, events: events.length, unreadable: unreadable.length };
  };
}
