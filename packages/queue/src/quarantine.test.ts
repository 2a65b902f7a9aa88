import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testQueueRedis } from './testing/queue-redis.ts';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { eventJob } from './event-job.ts';
import { createProducer } from './producer.ts';
import type { QuarantinedBody } from './quarantine.ts';
import { createQuarantine } from './quarantine.ts';
import { replayQuarantined } from './replay-quarantine.ts';

const body = (text: string | Uint8Array, receivedAt = 1): QuarantinedBody => ({
  body: Buffer.from(text as string),
  cause: 'not-json',
  detail: 'the body is not valid JSON',
  receivedAt,
  deliveryId: 'd-1',
});

async function system(maxBytes = 1_000_000) {
  const prefix = testPrefix();
  const redis = await testQueueRedis(prefix);
  const producer = createProducer(redis);
  onTestFinished(producer.close);
  const client = testClient();
  return {
    quarantine: createQuarantine(redis, maxBytes),
    producer,
    client,
    prefix,
    waiting: () => client.lrange(`${prefix}:xero-events-0:wait`, 0, -1),
  };
}

describe('the quarantine', () => {
  it('keeps the exact bytes, once for each body, the newest first', async () => {
    const { quarantine } = await system();
    const bytes = Uint8Array.from([0, 255, 10, 13, 0, 128]);
    expect(await quarantine.keep(body('first', 1))).toEqual({ outcome: 'kept', usedBytes: 5 });
    expect(await quarantine.keep(body(bytes, 2))).toEqual({ outcome: 'kept', usedBytes: 11 });
    expect(await quarantine.keep(body('first', 3))).toEqual({ outcome: 'known', usedBytes: 11 });
    const [newest, oldest] = await quarantine.list(10);
    expect(newest!.bytes).toBe(6);
    expect(newest).not.toHaveProperty('body');
    expect(Buffer.from((await quarantine.read(newest!.id))!.body).equals(bytes)).toBe(true);
    expect(await quarantine.count()).toBe(2);
    expect(oldest).toMatchObject({
      cause: 'not-json',
      detail: 'the body is not valid JSON',
      receivedAt: 1,
      deliveryId: 'd-1',
      times: 2,
    });
  });

  it('refuses what goes beyond its bound and drops nothing to make room', async () => {
    const { quarantine } = await system(10);
    expect((await quarantine.keep(body('12345678'))).outcome).toBe('kept');
    expect(await quarantine.keep(body('abc'))).toEqual({ outcome: 'full', usedBytes: 8 });
    expect((await quarantine.keep(body('12345678'))).outcome).toBe('known');
    expect((await quarantine.keep(body('ab'))).outcome).toBe('kept');
    expect(await quarantine.list(10)).toHaveLength(2);
  });

  it('gives the room back of what it lets go', async () => {
    const { quarantine, client, prefix } = await system(10);
    await quarantine.keep(body('1234567890'));
    const [entry] = await quarantine.list(1);
    expect(await quarantine.drop(entry!.id)).toBe(true);
    expect(await quarantine.drop(entry!.id)).toBe(false);
    expect(await client.get(`${prefix}:{quarantine}:bytes`)).toBe('0');
    expect((await quarantine.keep(body('abcdefghij'))).outcome).toBe('kept');
  });
});

describe('a body in quarantine that is replayed', () => {
  const event = (resourceId: string) =>
    xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-01T00:00:00' });

  it('becomes the jobs of its events and goes, where this release can read it', async () => {
    const { quarantine, producer, waiting } = await system();
    await quarantine.keep(body(xeroBody([event('a'), event('b')], 1)));
    const [entry] = await quarantine.list(1);
    expect(await replayQuarantined(entry!.id, quarantine, producer)).toEqual({ outcome: 'replayed', events: 2 });
    expect(await waiting()).toHaveLength(2);
    expect(await quarantine.list(1)).toEqual([]);
    expect(await replayQuarantined(entry!.id, quarantine, producer)).toEqual({ outcome: 'absent' });
  });

  it('stays as long as something in it cannot be read', async () => {
    const { quarantine, producer, waiting } = await system();
    const broken = { ...event('b'), tenantId: '' };
    await quarantine.keep(body(xeroBody([event('a'), broken], 1)));
    await quarantine.keep(body('no JSON', 0));
    const [partly, wholly] = await quarantine.list(2);
    expect(await replayQuarantined(partly!.id, quarantine, producer)).toMatchObject({
      outcome: 'unreadable',
      events: 1,
      detail: expect.stringContaining('event 1: tenantId'),
    });
    expect(await replayQuarantined(wholly!.id, quarantine, producer)).toMatchObject({
      outcome: 'unreadable',
      events: 0,
    });
    expect(await quarantine.list(10)).toHaveLength(2);
    const job = eventJob({ event: event('a'), sequence: null, receivedAt: 1, deliveryId: 'd', source: 'webhook' });
    expect(await waiting()).toEqual([job.id]);
  });
});
