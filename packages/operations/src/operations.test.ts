import { createGate, createProducer, createQuarantine } from '@xero-webhooks/queue';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import { NO_RECORDER } from '@xero-webhooks/record';
import { createLogger } from '@xero-webhooks/runtime';
import { testPrefix } from '@xero-webhooks/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createOperations } from './operations.ts';

it('operations leave no listener on the connection, however often a page asks them', async () => {
  const redis = await testQueueRedis(testPrefix());
  const { client, prefix } = redis;
  const producer = createProducer(redis);
  onTestFinished(producer.close);
  const operations = createOperations({
    redis,
    gate: createGate({ client, prefix, cluster: false, rememberMs: 60_000 }),
    quarantine: createQuarantine(redis, 0),
    producer,
    recorder: NO_RECORDER,
    log: createLogger('test', 'silent'),
    by: 'ann',
  });
  const listeners = (): number => client.eventNames().reduce((sum, name) => sum + client.listenerCount(name), 0);
  await operations.newest('failed', 10);
  const before = listeners();
  for (let times = 0; times < 20; times++) {
    await operations.newest('failed', 10);
    await operations.select('delayed', {});
    await operations.select('failed', { ids: new Set(['x']) });
    await operations.planReplay({}, undefined);
  }
  expect(listeners()).toBe(before);
});
