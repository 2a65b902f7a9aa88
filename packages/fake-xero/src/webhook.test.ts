import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSignatureCheck, parsePayload, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { NOON, startStopped } from './fake-xero-for-tests.ts';

const KEY = 'some key';
const HOUR_MS = 3_600_000;
const invoice = { category: 'invoice' } as const;

type Received = { matched: boolean; body: Buffer; events: ReturnType<typeof parsePayload> };

/** Listens for deliveries. */
async function startTarget(answer: (response: ServerResponse, count: number) => void = (response) => response.end()) {
  const received: Received[] = [];
  const check = createSignatureCheck([KEY]);
  const url = await serve((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { matched } = check(body, request.headers[SIGNATURE_HEADER] as string);
      received.push({ matched, body, events: parsePayload(body) });
      answer(response, received.length);
    });
  });
  return { received, webhook: { url: `${url}/webhook`, key: KEY } };
}

/** Answers with one status after the other, and from then on with the last. */
const answering =
  (...statuses: number[]) =>
  (response: ServerResponse, count: number): void => {
    response.statusCode = statuses[Math.min(count, statuses.length) - 1]!;
    response.end();
  };

describe('a webhook', () => {
  it('tells of a change with a signed body that is readable', async () => {
    const { received, webhook } = await startTarget();
    const xero = await startStopped({ webhook });
    const { resourceId, tenantId } = xero.change({ category: 'creditnote', fields: { Status: 'VOIDED' } });
    await xero.webhook.whenIdle();
    expect(received).toEqual([
      {
        matched: true,
        body: expect.any(Buffer),
        events: {
          outcome: 'events',
          unreadable: [],
          events: [
            {
              sequence: 1,
              event: expect.objectContaining({
                resourceId,
                tenantId,
                eventCategory: 'CREDITNOTE',
                eventType: 'CREATE',
                data: { Type: 'ACCRECCREDIT', Status: 'VOIDED' },
              }),
            },
          ],
        },
      },
    ]);
    expect(xero.webhook.attempts()).toEqual([
      {
        time: NOON,
        firstSequence: 1,
        lastSequence: 1,
        attempt: 1,
        outcome: 'accepted',
        status: 200,
        ms: expect.any(Number),
      },
    ]);
  });

  it('numbers the events on from one payload to the next, several in one where it may', async () => {
    const { received, webhook } = await startTarget();
    const xero = await startStopped({ webhook: { ...webhook, eventsPerPayload: 2 } });
    xero.changeAll([invoice, invoice, invoice]);
    xero.change(invoice);
    await xero.webhook.whenIdle();
    const numbers = received.map(({ events }) => events.outcome === 'events' && events.events.map((e) => e.sequence));
    expect(numbers).toHaveLength(3);
    expect(numbers).toEqual(expect.arrayContaining([[1, 2], [3], [4]]));
  });

  it('gives who makes changes the very events that it tells', async () => {
    const { received, webhook } = await startTarget();
    const xero = await startStopped({ webhook });
    const changed = xero.changeAll([invoice, { ...invoice, notify: false }, invoice, invoice], 2);
    expect(changed.map(({ told }) => told?.sequence)).toEqual([1, undefined, 2, 3]);
    await xero.webhook.whenIdle();
    const events = received.flatMap((each) => (each.events.outcome === 'events' ? each.events.events : []));
    const told = changed.flatMap((each) => (each.told ? [each.told] : []));
    expect(events.toSorted((a, b) => Number(a.sequence) - Number(b.sequence))).toEqual(told);
    expect(received).toHaveLength(2);
    expect(() => xero.changeAll([invoice], 0)).toThrow(RangeError);
  });

  it('tells the first attempt of each payload, once there has been one', async () => {
    const { webhook } = await startTarget(answering(200, 503));
    const xero = await startStopped({ webhook: { ...webhook, retryDelaysMs: [HOUR_MS] } });
    xero.changeAll([invoice, invoice], 2);
    await xero.webhook.firstAttempts(1, 2);
    xero.changeAll([invoice]);
    expect(await xero.webhook.firstAttempts(2, 3)).toEqual([
      expect.objectContaining({ firstSequence: 1, lastSequence: 2, outcome: 'accepted' }),
      expect.objectContaining({ firstSequence: 3, attempt: 1, outcome: 'failed', status: 503 }),
    ]);
    expect(await xero.webhook.firstAttempts(4, 1_000_000_000)).toEqual([]);
    xero.changeAll([invoice]);
    await xero.stop();
    expect(await xero.webhook.firstAttempts(4, 4)).toHaveLength(1);
  });

  it('says nothing without a target, nor of a change that is to stay quiet', async () => {
    const { received, webhook } = await startTarget();
    const xero = await startStopped();
    xero.change(invoice);
    xero.webhook.setTarget(webhook);
    xero.change({ ...invoice, notify: false });
    xero.change(invoice);
    await xero.webhook.whenIdle();
    expect(received).toHaveLength(1);
  });

  it('tries again, with longer and longer delays, what was not answered by a 2xx', async () => {
    const { received, webhook } = await startTarget(answering(503, 302, 401, 204));
    const xero = await startStopped({ webhook: { ...webhook, retryDelaysMs: [0, 10, 1000] } });
    xero.change(invoice);
    await xero.webhook.whenAttempted(2);
    xero.clock.advance(10);
    await xero.webhook.whenAttempted(3);
    xero.clock.advance(1000);
    await xero.webhook.whenIdle();
    expect(xero.webhook.attempts().map(({ time, attempt, status }) => [time - NOON, attempt, status])).toEqual([
      [0, 1, 503],
      [0, 2, 302],
      [10, 3, 401],
      [1010, 4, 204],
    ]);
    expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
  });

  it('takes an answer after five seconds for none', async () => {
    let late: ServerResponse | undefined;
    const { received, webhook } = await startTarget((response, count) => {
      if (count === 1) late = response;
      else response.end();
    });
    const xero = await startStopped({ webhook });
    xero.change(invoice);
    await expect.poll(() => received).toHaveLength(1);
    xero.clock.advance(5000);
    await xero.webhook.whenIdle();
    late!.end();
    expect(xero.webhook.attempts().map(({ outcome }) => outcome)).toEqual(['too slow', 'accepted']);
  });

  it('takes nobody there for a failure', async () => {
    const xero = await startStopped({ webhook: { url: 'http://127.0.0.1:9/', key: KEY, retryDelaysMs: [1000] } });
    xero.change(invoice);
    await xero.webhook.whenAttempted(1);
    expect(xero.webhook.attempts()).toEqual([expect.objectContaining({ outcome: 'unreachable' })]);
    expect(xero.webhook.state()).toMatchObject({ enabled: true, pending: 1 });
  });

  it('switches itself off after a day of failures, and is switched on again by hand', async () => {
    const { received, webhook } = await startTarget(answering(500, 500, 500, 200));
    const xero = await startStopped({ webhook: { ...webhook, retryDelaysMs: [12 * HOUR_MS], eventsPerPayload: 2 } });
    xero.changeAll([invoice, invoice]);
    await xero.webhook.whenAttempted(1);
    xero.clock.advance(12 * HOUR_MS);
    await xero.webhook.whenAttempted(2);
    expect(xero.webhook.state()).toMatchObject({ enabled: true, lostEvents: 0 });
    xero.clock.advance(12 * HOUR_MS);
    await xero.webhook.whenIdle();
    xero.change(invoice);
    await xero.webhook.whenIdle();
    expect(xero.webhook.state()).toEqual({ url: webhook.url, enabled: false, pending: 0, lostEvents: 3 });
    expect(received).toHaveLength(3);

    xero.webhook.setTarget(webhook);
    xero.change(invoice);
    await xero.webhook.whenIdle();
    expect(xero.webhook.state()).toMatchObject({ enabled: true });
    expect(xero.webhook.attempts().at(-1)).toMatchObject({ firstSequence: 4, outcome: 'accepted' });
  });

  it('takes what waits along when it switches itself off', async () => {
    const { webhook } = await startTarget(answering(500));
    const xero = await startStopped({ webhook: { ...webhook, retryDelaysMs: [24 * HOUR_MS] } });
    xero.change(invoice);
    await xero.webhook.whenAttempted(1);
    xero.clock.advance(HOUR_MS);
    xero.change(invoice);
    await xero.webhook.whenAttempted(2);
    xero.clock.advance(23 * HOUR_MS);
    await xero.webhook.whenIdle();
    expect(xero.webhook.state()).toMatchObject({ enabled: false, lostEvents: 2 });
    expect(xero.webhook.attempts()).toHaveLength(3);
  });

  it('ends with the fake, whatever still waits', async () => {
    const { webhook } = await startTarget(answering(500));
    const xero = await startStopped({ webhook });
    xero.change(invoice);
    await xero.webhook.whenAttempted(2);
    await xero.stop();
    await xero.webhook.whenIdle();
    expect(xero.webhook.attempts()).toHaveLength(2);
  });
});
