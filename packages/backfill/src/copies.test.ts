import { randomUUID } from 'node:crypto';
import { attemptText, createRecorder } from '@xero-webhooks/record';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { createCopies } from './copies.ts';

const TENANT = 'T-1';
const UPDATED = Date.parse('2026-11-30T12:00:00.123Z');

/** Copies, and a record in which attempts can be noted. */
function book(hasRoom = true) {
  const [client, prefix, resourceId] = [testClient(), testPrefix(), randomUUID()];
  const copies = createCopies(client, prefix, () => hasRoom);
  const recorder = createRecorder({ client, prefix, cluster: false });
  const invoice = { InvoiceID: resourceId, Total: 12, UpdatedDateUTC: new Date(UPDATED), LineItems: [{ Quantity: 2 }] };
  const event = { tenantId: TENANT, resourceId, jobId: 'x-own' };
  return {
    copies,
    event,
    invoice,
    put: (readAt: number) => copies.put(TENANT, [{ resourceId, updatedAt: UPDATED, resource: invoice }], readAt),
    take: () => copies.take(TENANT, resourceId),
    async attempt(jobId: string, at: number) {
      const words = {
        handler: 'sync',
        attempt: 1,
        worker: 'w',
        ms: 5,
        outcome: 'succeeded',
        delayMs: 0,
        reason: '',
      } as const;
      const recorded = {
        name: 'invoice.updated',
        eventDateUtc: '2026-11-30T12:00:00',
        receivedAt: at,
        deliveryId: 'd',
      };
      recorder.note(
        { jobId, tenantId: TENANT, resourceId, source: 'webhook', ...recorded },
        [attemptText({ at, ...words })],
        false,
      );
      await recorder.written();
    },
  };
}

describe('the copy of a resource that a backfill has read', () => {
  it('is what was read, dates included, and serves once', async () => {
    const { put, take, invoice } = book();
    await put(UPDATED + 1);
    expect(await take()).toEqual({ readAt: UPDATED + 1, updatedAt: UPDATED, resource: invoice });
    expect(await take()).toBeUndefined();
  });

  it('is not fresh once another event of the resource was worked on, be it that clocks differ', async () => {
    const { copies, event, put, take, attempt } = book();
    const now = Date.now();
    await put(now);
    const copy = (await take())!;
    expect(await copies.isFresh(copy, event)).toBe(true);
    await attempt(event.jobId, now + 10);
    await attempt('x-long-ago', now - 61_000);
    expect(await copies.isFresh(copy, event)).toBe(true);
    await attempt('x-other', now - 59_000);
    expect(await copies.isFresh(copy, event)).toBe(false);
  });

  it('is not kept while there is no room, or no record that could tell whether it is fresh', async () => {
    const { copies, event, put, take } = book(false);
    await put(UPDATED);
    expect(await take()).toBeUndefined();
    expect(await copies.isFresh({ readAt: UPDATED, updatedAt: UPDATED, resource: {} }, event)).toBe(false);
  });
});
