import { randomUUID } from 'node:crypto';
import type { EventJob, QueueRedis } from '@xero-webhooks/queue';
import { createProducer, eventJob } from '@xero-webhooks/queue';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { FakeOrganisation, FakeXero, FakeXeroOptions } from '@xero-webhooks/fake-xero';
import { startFakeXero, xeroEvent } from '@xero-webhooks/fake-xero';
import { expect, onTestFinished } from 'vitest';
import { testPrefix, until } from '@xero-webhooks/testing';
import { handledFile } from './handled-file.ts';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import type { WorkerProcess } from './system.ts';
import { startWorker } from './system.ts';
import { startTokenService } from './token-service.ts';

const HANDLERS = new URL('reading-handlers.ts', import.meta.url).pathname;

/** Organisations with names of their own. */
export function organisations(count: number): FakeOrganisation[] {
  return Array.from({ length: count }, (_, index) => ({ tenantId: randomUUID(), name: `Organisation ${index + 1}` }));
}

/** A fake Xero, a queue, and workers that read from the one for the events in the other. */
export async function xeroSystem(options: FakeXeroOptions = {}) {
  const xero = await startFakeXero(options);
  onTestFinished(xero.stop);
  const prefix = testPrefix();
  const redis = await testQueueRedis(prefix);
  const service = await startTokenService(xero);
  const handled = handledFile();
  const environment = { XERO_API_URL: xero.url, HANDLED_FILE: handled.file, ...service.environment };
  return {
    xero,
    prefix,
    redis,
    service,
    handled,
    startWorkers: (count: number, more: Record<string, string> = {}): Promise<WorkerProcess[]> =>
      Promise.all(Array.from({ length: count }, () => startWorker(prefix, HANDLERS, { ...environment, ...more }))),
    /** Waits until so many events have been read. */
    untilRead: (count: number, limitMs?: number) =>
      until(() => handled.read('read').length >= count, `${count} events to be read`, limitMs),
  };
}

/** Changes new resources in the fake, and puts the event of each into the queue. */
export async function enqueueChanges(
  { xero, redis }: { xero: FakeXero; redis: QueueRedis },
  category: ResourceCategory,
  tenantIds: readonly string[],
): Promise<EventJob[]> {
  const changes = xero.changeAll(tenantIds.map((tenantId) => ({ category, tenantId, notify: false })));
  const jobs = changes.map(({ tenantId, resourceId, updatedAt }) =>
    eventJob({
      event: xeroEvent({ category, type: 'update', resourceId, tenantId, dateUtc: new Date(updatedAt).toISOString() }),
      sequence: null,
      receivedAt: Date.now(),
      deliveryId: 'test',
      source: 'webhook',
    }),
  );
  const producer = createProducer(redis);
  for (let next = 0; next < jobs.length; next += 100) {
    expect(await producer.enqueue(jobs.slice(next, next + 100))).toEqual({ outcome: 'enqueued' });
  }
  await producer.close();
  return jobs;
}
