import { setTimeout as wait } from 'node:timers/promises';
import { signedHeaders, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey } from '@xero-webhooks/webhook';
import { until } from '@xero-webhooks/testing';
import { TEST_KEY } from './system.ts';

/** A request that was sent and answered. */
export type Answered = {
  /** The keys of its readable events. */
  readonly keys: readonly string[];
  /** Its body where something in it cannot be read. */
  readonly unreadable: Buffer | undefined;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  /** The number of the request. */
  readonly began: number;
};

export type SteadyRequests = {
  readonly answered: readonly Answered[];
  /** Waits until several requests that begin from now on got this status. */
  get(status: number, times?: number): Promise<void>;
  /** Returns a function that tells what those requests got that began and were answered between the two calls. */
  watch(): () => number[];
  /** Sends no more, and waits for the last answers. */
  stop(): Promise<void>;
};

/** Xero gives up after five seconds. */
export const XERO_PATIENCE_MS = 5_000;

/** An event that differs from that of any other number. */
export function numberedEvent(number: number): XeroEvent {
  return xeroEvent({
    category: 'invoice',
    type: 'update',
    resourceId: `r-${number}`,
    tenantId: `t-${number % 7}`,
    dateUtc: '2026-01-02T03:04:05.67',
  });
}

/**
 * Sends requests over a few connections, each when its last one is answered: by turns an event that can be read, one
 * beside an event that cannot, and a body that cannot be read at all. No two are the same.
 */
export function sendSteadily(url: string, { connections = 4, pauseMs = 5 } = {}): SteadyRequests {
  const answered: Answered[] = [];
  let sent = 0;
  let stopping = false;
  let failure: Error | undefined;

  async function sendNext(): Promise<void> {
    const number = sent++;
    const { body, keys, whole } = requestOf(number);
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: signedHeaders(body, TEST_KEY),
      signal: AbortSignal.timeout(XERO_PATIENCE_MS),
    });
    answered.push({
      keys,
      unreadable: whole ? undefined : body,
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      text: await response.text(),
      began: number,
    });
  }

  async function connection(): Promise<void> {
    while (!stopping) {
      await sendNext();
      await wait(pauseMs);
    }
  }

  const all = Promise.all(Array.from({ length: connections }, connection)).catch((error: unknown) => {
    failure = new Error('a request was not answered', { cause: error });
    stopping = true;
  });

  return {
    answered,
    async get(status, times = 9) {
      const first = sent;
      await until(() => {
        if (failure) throw failure;
        return answered.filter((one) => one.began >= first && one.status === status).length >= times;
      }, `${times} answers of ${status}`);
    },
    watch() {
      const first = sent;
      return () =>
        [...new Set(answered.filter(({ began }) => began >= first).map(({ status }) => status))].toSorted(
          (a, b) => a - b,
        );
    },
    async stop() {
      stopping = true;
      await all;
      if (failure) throw failure;
    },
  };
}

function requestOf(number: number): { body: Buffer; keys: string[]; whole: boolean } {
  const event = numberedEvent(number);
  switch (number % 3) {
    case 0:
      return { body: xeroBody([event], number + 1), keys: [eventKey(event)], whole: true };
    case 1:
      return { body: xeroBody([event, { ...event, tenantId: '' }], number + 1), keys: [eventKey(event)], whole: false };
    default:
      return { body: Buffer.from(`{"number":${number}`), keys: [], whole: false };
  }
}
