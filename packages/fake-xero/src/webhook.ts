import { setMaxListeners } from 'node:events';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { signedHeaders } from './signed-request.ts';
import { xeroBody, xeroDate, xeroEvent } from './xero-body.ts';
import type { FakeClock } from './clock.ts';
import type { Changed } from './resources.ts';

const MINUTE_MS = 60_000;

/** The delivery URL and the webhook key. */
export type WebhookTarget = { readonly url: string; readonly key: string };

/** How the webhook delivers. */
export type WebhookBehaviour = {
  /** Delay after each failure, in milliseconds; the last one repeats. */
  readonly retryDelaysMs: readonly number[];
  /** An answer that takes longer is a failure. @defaultValue 5 seconds */
  readonly deadlineMs: number;
  /** If a payload fails for this long, the webhook is switched off. @defaultValue 24 hours */
  readonly disableAfterMs: number;
  /** How many events of one call of `change` share a payload. @defaultValue 1 */
  readonly eventsPerPayload: number;
};

export const XERO_WEBHOOK: WebhookBehaviour = {
  retryDelaysMs: [0, 10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS],
  deadlineMs: 5000,
  disableAfterMs: 24 * 60 * MINUTE_MS,
  eventsPerPayload: 1,
};

/** One try to deliver one payload. */
export type DeliveryAttempt = {
  /** When it ended, by the fake's clock. */
  readonly time: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** `failed`: anything but a 2xx; `unreachable`: no answer at all. */
  readonly outcome: 'accepted' | 'failed' | 'too slow' | 'unreachable';
  readonly status?: number;
  /** Its duration in milliseconds by the machine's clock, not the fake's. */
  readonly ms: number;
};

/** The event that the webhook sends for a change. */
export type Told = { readonly sequence: number; readonly event: XeroEvent };

/** The result of a change and its event; none if `notify` is false or the webhook has no target. */
export type ToldChange = Changed & { readonly told?: Told };

/** The state of the webhook. */
export type WebhookState = {
  readonly url?: string;
  /** False once it has switched itself off. */
  readonly enabled: boolean;
  /** Payloads being delivered or waiting for a retry. */
  readonly pending: number;
  /** Events that were not accepted before it was switched off, and those that came after. */
  readonly lostEvents: number;
};

type Payload = {
  readonly body: Buffer;
  readonly first: number;
  readonly last: number;
  /** Its first attempt, or nothing if there will be none. */
  readonly tried: PromiseWithResolvers<DeliveryAttempt | undefined>;
};

export type Webhook = ReturnType<typeof createWebhook>;

/**
 * Payloads are delivered independently, so retried ones arrive out of order.
 *
 * @param stopped aborted when nothing more may be sent
 */
export function createWebhook(clock: FakeClock, behaviour: WebhookBehaviour, stopped: AbortSignal) {
  const attempts: DeliveryAttempt[] = [];
  /** By the number of each event. */
  const firstAttempts = new Map<number, Promise<DeliveryAttempt | undefined>>();
  const waiting: { until: () => boolean; resolve: () => void }[] = [];
  let target: WebhookTarget | undefined;
  let switchedOff = new AbortController();
  let nextSequence = 1;
  let pending = 0;
  let lostEvents = 0;
  setMaxListeners(0, stopped, switchedOff.signal);

  const wakeWaiting = (): void => {
    for (const entry of waiting.splice(0)) {
      if (entry.until()) entry.resolve();
      else waiting.push(entry);
    }
  };
  const when = (until: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ until, resolve });
      wakeWaiting();
    });

  /** Resolves once the payload is accepted, or never will be. */
  const deliver = async (payload: Payload, off: AbortSignal): Promise<void> => {
    let failingSince: number | undefined;
    for (let attempt = 1; ; attempt++) {
      if (!target || off.aborted) return lose(payload);
      const began = performance.now();
      const result = await send(payload, target);
      const time = clock.now();
      const ms = performance.now() - began;
      const made = { time, firstSequence: payload.first, lastSequence: payload.last, attempt, ...result, ms };
      attempts.push(made);
      payload.tried.resolve(made);
      if (result.outcome === 'accepted') return;
      failingSince ??= time;
      if (time - failingSince >= behaviour.disableAfterMs) switchedOff.abort();
      if (off.aborted || stopped.aborted) return lose(payload);
      const { retryDelaysMs } = behaviour;
      const delay = retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1] ?? 0;
      // Start to sleep before the attempt is reported, so that a test can then move the clock.
      const asleep = clock.sleep(delay, AbortSignal.any([off, stopped])).catch(() => undefined);
      wakeWaiting();
      await asleep;
      if (stopped.aborted) return lose(payload);
    }
  };

  const lose = ({ first, last, tried }: Payload): void => {
    lostEvents += last - first + 1;
    tried.resolve(undefined);
  };

  const send = async (
    { body }: Payload,
    { url, key }: WebhookTarget,
  ): Promise<Pick<DeliveryAttempt, 'outcome' | 'status'>> => {
    const answered = new AbortController();
    const tooSlow = new AbortController();
    clock.sleep(behaviour.deadlineMs, answered.signal).then(
      () => tooSlow.abort(),
      () => undefined,
    );
    try {
      const signal = AbortSignal.any([tooSlow.signal, stopped]);
      const headers = signedHeaders(body, key);
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: Uint8Array.from(body),
        redirect: 'manual',
        signal,
      });
      await response.arrayBuffer();
      return { outcome: response.ok ? 'accepted' : 'failed', status: response.status };
    } catch {
      return { outcome: tooSlow.signal.aborted ? 'too slow' : 'unreachable' };
    } finally {
      answered.abort();
    }
  };

  return {
    attempts: (): readonly DeliveryAttempt[] => attempts,

    state: (): WebhookState => ({
      ...(target && { url: target.url }),
      enabled: !switchedOff.signal.aborted,
      pending,
      lostEvents,
    }),

    /** Sets or clears the target, and switches the webhook on. Lost events stay lost. */
    setTarget(next: WebhookTarget | undefined): void {
      target = next;
      if (!switchedOff.signal.aborted) return;
      switchedOff = new AbortController();
      setMaxListeners(0, switchedOff.signal);
    },

    /**
     * Sends events for changes. Sequence numbers continue from one payload to the next.
     *
     * @returns the event of each change
     * @throws RangeError if payloads cannot have that many events
     */
    publish(changes: readonly Changed[], eventsPerPayload = behaviour.eventsPerPayload): ReadonlyMap<Changed, Told> {
      if (!Number.isInteger(eventsPerPayload) || eventsPerPayload < 1) {
        throw new RangeError(`a payload cannot have ${eventsPerPayload} events`);
      }
      const all = new Map<Changed, Told>();
      if (!target) return all;
      for (let at = 0; at < changes.length; at += eventsPerPayload) {
        const first = nextSequence;
        const tried = Promise.withResolvers<DeliveryAttempt | undefined>();
        const events = changes.slice(at, at + eventsPerPayload).map((change) => {
          const sequence = nextSequence++;
          const event = eventOf(change, sequence);
          all.set(change, { sequence, event });
          firstAttempts.set(sequence, tried.promise);
          return event;
        });
        pending++;
        const payload = { body: xeroBody(events, first), first, last: nextSequence - 1, tried };
        void deliver(payload, switchedOff.signal).finally(() => {
          pending--;
          wakeWaiting();
        });
      }
      return all;
    },

    /**
     * Waits until every payload with one of these events has been tried once or never will be.
     *
     * @param first the number of the first event
     * @param last the number of the last one
     * @returns the first attempt of each payload that was tried
     */
    async firstAttempts(first: number, last: number): Promise<readonly DeliveryAttempt[]> {
      const wanted = new Set<Promise<DeliveryAttempt | undefined>>();
      for (let sequence = Math.max(1, first); sequence <= Math.min(last, nextSequence - 1); sequence++) {
        wanted.add(firstAttempts.get(sequence)!);
      }
      return (await Promise.all(wanted)).filter((attempt) => attempt !== undefined);
    },

    /** Waits until this many attempts have ended in all; failed ones are waiting for their retry by then. */
    whenAttempted: (count: number): Promise<void> => when(() => attempts.length >= count),

    /** Waits until nothing is being delivered or waiting for a retry. */
    whenIdle: (): Promise<void> => when(() => pending === 0),
  };
}

/** The date formats with milliseconds: with the others, two changes within a second would be one event. */
const DATE_FORMS = [0, 1, 3, 4];

function eventOf({ category, type, resourceId, tenantId, updatedAt, fields }: Changed, sequence: number): XeroEvent {
  const dateUtc = xeroDate(new Date(updatedAt), DATE_FORMS[sequence % DATE_FORMS.length]!);
  const event = xeroEvent({ category, type, resourceId, tenantId, dateUtc });
  if (!event.data) return event;
  return { ...event, data: { ...event.data, Type: fields['Type'], Status: fields['Status'] } };
}
