import { setTimeout as wait } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { signedHeaders, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import type { Receiver } from '../harness/receiver.ts';
import { WEBHOOK_KEY } from '../harness/receiver.ts';
import { monotonicMs } from '../harness/start-times.ts';

/** Sends events as Xero does, and remembers when it first sent each. */
export type Sender = {
  /** By resource: each event has one of its own. */
  readonly sentAt: ReadonlyMap<string, number>;
  /** How many requests were not accepted at their first try. */
  readonly refused: () => number;
  /** Sends events of an organisation in one request, again and again until it is accepted. */
  send(tenantId: string, events: number): Promise<void>;
};

/** How long it waits before it sends again what was not accepted, in milliseconds. */
const AGAIN_MS = 250;

export function createSender(ingresses: readonly Receiver[], signal: AbortSignal): Sender {
  const sentAt = new Map<string, number>();
  let sent = 0;
  let refused = 0;

  async function isAccepted(body: Buffer): Promise<boolean> {
    const { url } = ingresses[sent++ % ingresses.length]!;
    try {
      const answer = await fetch(url, { method: 'POST', body, headers: signedHeaders(body, WEBHOOK_KEY), signal });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    }
  }

  return {
    sentAt,
    refused: () => refused,
    async send(tenantId, count) {
      const events = Array.from({ length: count }, () =>
        xeroEvent({
          category: 'invoice',
          type: 'update',
          resourceId: randomUUID(),
          tenantId,
          dateUtc: new Date().toISOString(),
        }),
      );
      const now = monotonicMs();
      for (const { resourceId } of events) sentAt.set(resourceId, now);
      const body = xeroBody(events, sent + 1);
      if (await isAccepted(body)) return;
      refused++;
      do await wait(AGAIN_MS, undefined, { signal });
      while (!(await isAccepted(body)));
    },
  };
}
