import { describe, expect, it, onTestFinished } from 'vitest';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventKey } from '@xero-webhooks/webhook';
import { testPrefix, until } from '@xero-webhooks/testing';
import { testQueueRedis } from './testing/queue-redis.ts';
import { eventJob } from './event-job.ts';
import { countKnownEvents } from './known-events.ts';
import type { QueueRedis } from './open-redis.ts';
import { createProducer } from './producer.ts';
import { watchDuplicates } from './watch-duplicates.ts';

/** Events of several organisations, and with them of several shards. */
function someEvents(count: number): XeroEvent[] {
  return Array.from({ length: count }, (_, index) =>
    xeroEvent({
      category: 'invoice',
      type: 'update',
      resourceId: `r-${index}`,
      tenantId: `t-${index % 5}`,
      dateUtc: '2026-01-01T00:00:00',
    }),
  );
}

async function producerOf(redis: QueueRedis): Promise<(events: readonly XeroEvent[]) => Promise<void>> {
  const producer = createProducer(redis);
  onTestFinished(() => producer.close());
  return async (events) => {
    const jobs = events.map((event) =>
      eventJob({ event, sequence: null, receivedAt: Date.now(), deliveryId: 'd', source: 'webhook' }),
    );
    expect(await producer.enqueue(jobs)).toMatchObject({ outcome: 'enqueued' });
  };
}

describe('events that come again', () => {
  it('are counted where the queues have them already', async () => {
    const redis = await testQueueRedis(testPrefix(), { QUEUE_SHARDS: '3' });
    const enqueue = await producerOf(redis);
    const events = someEvents(2_500);
    expect(await countKnownEvents(redis, events)).toBe(0);
    await enqueue(events.slice(0, 2_400));
    expect(await countKnownEvents(redis, events)).toBe(2_400);
    expect(await countKnownEvents(redis, [])).toBe(0);
  });

  it('are told of as they are dropped, and nothing else is', async () => {
    const redis = await testQueueRedis(testPrefix(), { QUEUE_SHARDS: '3' });
    const enqueue = await producerOf(redis);
    const events = someEvents(60);
    // Before anybody watches.
    await enqueue(events.slice(0, 20));
    await enqueue(events.slice(0, 20));
    const dropped: string[] = [];
    onTestFinished(await watchDuplicates(redis, (key) => void dropped.push(key)));
    await enqueue(events.slice(10));
    await enqueue(events.slice(55));
    const expected = [...events.slice(10, 20), ...events.slice(55)].map(eventKey);
    await until(() => dropped.length >= expected.length, 'the dropped events');
    expect(dropped.toSorted()).toEqual(expected.toSorted());
  });
});
