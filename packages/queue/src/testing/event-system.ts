import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { EventJob, EventJobData } from '../event-job.ts';
import { createAtWork } from '../at-work.ts';
import { createDeadLetters } from '../dead-letters.ts';
import { createGate } from '../gate/gate.ts';
import { createIsolation } from '../isolation.ts';
import { openQueues } from '../open-queue.ts';
import { createProducer } from '../producer.ts';
import { createEventWorker } from '../worker.ts';
import { NO_RECORDER } from '@xero-webhooks/record';
import { createLogger } from '@xero-webhooks/runtime';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import { expect, onTestFinished } from 'vitest';
import { testClient, testPrefix, until } from '@xero-webhooks/testing';
import { testQueueRedis } from './queue-redis.ts';

/** The data of a job for an event of a resource. */
export const jobData = (resourceId: string): Omit<EventJobData, 'v'> => ({
  event: xeroEvent({
    category: 'invoice',
    type: 'update',
    resourceId,
    tenantId: 't-1',
    dateUtc: '2026-01-01T00:00:00',
  }),
  sequence: null,
  receivedAt: 1,
  deliveryId: 'd',
  source: 'webhook',
});

export type Behaviour = (
  job: { id: string; resourceId: string },
  handler: string,
) => Promise<HandlerOutcome> | HandlerOutcome;

/** A queue and a worker on it, whose handlers `good` and `bad` behave as told. */
export async function eventSystem(
  behaviour: Behaviour,
  { handlers = ['good', 'bad'], lockMs = 5_000, concurrency = 5, observe = (): void => {} } = {},
) {
  const prefix = testPrefix();
  const redis = await testQueueRedis(prefix);
  const gate = createGate({ client: redis.client, prefix, cluster: false, rememberMs: 60_000 });
  const producer = createProducer(redis);
  onTestFinished(producer.close);
  const runs: string[] = [];
  const ends: { id: string; outcome: string }[] = [];
  const listeners = new Set<() => void>();
  const worker = createEventWorker({
    redis,
    shard: 0,
    concurrency,
    retention: { seconds: 1_000, count: 1_000 },
    rememberMs: 60_000,
    crashAttempts: 3,
    isolation: createIsolation({ maxWaiting: concurrency, onPause: (paused) => worker.pause(paused) }),
    atWork: createAtWork(),
    record: { recorder: NO_RECORDER, worker: 'test' },
    onSuspect() {},
    lockMs,
    retry: { attempts: 2, baseMs: 1, maxMs: 1 },
    pauseMs: 0,
    log: createLogger('test', 'silent'),
    route: () =>
      handlers.map((name) => ({
        name,
        latestOnly: false,
        timeoutMs: 1_000,
        async run({ id, data }) {
          const { resourceId } = data.event;
          runs.push(`${name} of ${resourceId}`);
          return behaviour({ id, resourceId }, name);
        },
      })),
    onOutcome: (job, { outcome }) => {
      ends.push({ id: job.id, outcome });
      for (const listener of listeners) listener();
      observe();
    },
  });
  onTestFinished(() => worker.close(2_000));
  return {
    redis,
    gate,
    prefix,
    runs,
    letters: createDeadLetters(openQueues(redis), gate),
    client: testClient(),
    async enqueue(job: EventJob) {
      expect(await producer.enqueue([job])).toEqual({ outcome: 'enqueued' });
    },
    /** Waits until runs of a job have ended with an outcome a number of times. */
    ended: (id: string, outcome: string, times = 1) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (ends.filter((end) => end.id === id && end.outcome === outcome).length >= times) resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Waits for what follows an outcome a moment later, such as the job in its last set. */
export async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  await until(holds, 'what follows an outcome');
}
