import { setTimeout as wait } from 'node:timers/promises';
import { signedHeaders, xeroBody, xeroDate, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import type { Random } from './random.ts';

/** A request that is sent until the answer is 200, as Xero does. */
export type Payload = { readonly events: readonly XeroEvent[]; readonly body: Buffer };

export type Load = {
  /** Answers by status; `none` for a broken connection. */
  readonly answers: ReadonlyMap<string, number>;
  /** Answered with 200. */
  readonly acknowledged: readonly Payload[];
};

const RESOURCES = 1_500;
const TENANTS = ['0a1b-tenant', '1b2c-tenant', '2c3d-tenant'];

/** One to ten events each, for few enough resources that some are busy. */
export function makePayloads(random: Random, events: number): Payload[] {
  const payloads: Payload[] = [];
  const start = Date.UTC(2026, 0, 1);
  for (let made = 0; made < events;) {
    const size = Math.min(random.between(1, 10), events - made);
    const list = Array.from({ length: size }, (_, index) => {
      const resource = random.between(0, RESOURCES - 1);
      return xeroEvent({
        category: ['invoice', 'contact', 'creditnote'][resource % 3]!,
        type: 'update',
        resourceId: `resource-${resource}`,
        tenantId: TENANTS[resource % TENANTS.length]!,
        dateUtc: xeroDate(new Date(start + (made + index) * 1_000), made + index),
      });
    });
    payloads.push({ events: list, body: xeroBody(list, made + 1) });
    made += size;
  }
  return payloads;
}

/**
 * Sends payloads, `atOnce` at a time, until each is answered with 200. A part of them is sent twice, as Xero does when
 * it retries.
 */
export async function sendAll(
  payloads: readonly Payload[],
  {
    url,
    key,
    atOnce,
    duplicates,
    random,
  }: { url: string; key: string; atOnce: number; duplicates: number; random: Random },
): Promise<Load> {
  const answers = new Map<string, number>();
  const acknowledged: Payload[] = [];
  const queue = payloads.flatMap((payload) => (random.next() < duplicates ? [payload, payload] : [payload]));
  let next = 0;

  async function sendNext(): Promise<void> {
    while (next < queue.length) {
      const payload = queue[next++]!;
      for (;;) {
        const answer = await send(url, payload.body, key);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        if (answer === '200') break;
        await wait(100);
      }
      acknowledged.push(payload);
      // A steady stream: a burst would be over before the first kill.
      await wait(120);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendNext));
  return { answers, acknowledged };
}

async function send(url: string, body: Buffer, key: string): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Buffer.from(body),
      headers: signedHeaders(body, key),
      signal: AbortSignal.timeout(5_000),
    });
    await response.arrayBuffer();
    return String(response.status);
  } catch {
    return 'none';
  }
}
