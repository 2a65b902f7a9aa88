import { describe, expect, it } from 'vitest';
import { jobData } from './testing/event-system.ts';
import { testQueueRedis } from './testing/queue-redis.ts';
import {
  describeWithRealRedis,
  describeWithRedisBinary,
  movableAddress,
  ownRedis,
  testPrefix,
  until,
} from '@xero-webhooks/testing';
import { eventJob } from './event-job.ts';
import { createProducer } from './producer.ts';
import { createQuarantine } from './quarantine.ts';
import { createReplicaCheck, replicaRequirement } from './replicas.ts';

describe('the demand for replicas', () => {
  it.each([
    [4_000, 1_500],
    [1_000, 500],
    [51, 26],
    [60_000, 1_500],
  ])('of a process that answers within %d ms waits for %d ms', (deadlineMs, timeoutMs) => {
    expect(replicaRequirement(2, deadlineMs)).toEqual({ count: 2, timeoutMs });
  });

  it('for none writes nothing and is met', async () => {
    const { client, prefix } = await testQueueRedis(testPrefix());
    expect(await createReplicaCheck(client, replicaRequirement(0, 1_000))(`${prefix}:mark`)).toBe(true);
    expect(await client.exists(`${prefix}:mark`)).toBe(0);
  });
});

describeWithRealRedis('where a Redis has no replica but one is demanded', () => {
  const demand = replicaRequirement(1, 20);

  it('events are not stored, though they are written', async () => {
    const redis = await testQueueRedis(testPrefix(), { QUEUE_SHARDS: '3' });
    const producer = createProducer(redis, { replicas: demand });
    const jobs = ['a', 'b', 'c', 'd'].map((resourceId) => eventJob(jobData(resourceId)));
    const outcome = { outcome: 'unavailable', reason: 'too few replicas have the events' };
    expect(await producer.enqueue(jobs)).toEqual(outcome);
    expect(await createProducer(redis).enqueue(jobs)).toMatchObject({ outcome: 'enqueued' });
  });

  it('bodies are not kept, though they are written', async () => {
    const redis = await testQueueRedis(testPrefix());
    const body = { body: Buffer.from('{'), cause: 'not-json', detail: '', receivedAt: 1, deliveryId: 'd' };
    const outcome = { outcome: 'unavailable', reason: 'too few replicas have the events' };
    expect(await createQuarantine(redis, 100, demand).keep(body)).toEqual(outcome);
    expect(await createQuarantine(redis, 0, demand).keep({ ...body, body: Buffer.from('[') })).toMatchObject({
      outcome: 'full',
    });
    expect(await createQuarantine(redis, 100).keep(body)).toMatchObject({ outcome: 'known' });
  });
});

describeWithRedisBinary('after a failover that only one of two connections has followed', () => {
  it('events count as stored only where the server that has them has its replicas', async () => {
    const [master, left] = await Promise.all([ownRedis(), ownRedis()]);
    const replica = await ownRedis('--replicaof', '127.0.0.1', String(master.port));
    await until(async () => (await master.client().info('replication')).includes('state=online'), 'the replica');
    const address = await movableAddress(master.port);
    const redis = await testQueueRedis(testPrefix(), { REDIS_URL: `redis://127.0.0.1:${address.port}` });
    // The connections that come after the first lead to the server that was left.
    address.moveTo(left.port);
    const producer = createProducer(redis, { replicas: replicaRequirement(1, 2_000) });
    const stored: string[] = [];
    let number = 0;
    // Two at a time take both connections, as soon as both are there.
    await until(async () => {
      const jobs = [eventJob(jobData(`r-${number++}`)), eventJob(jobData(`r-${number++}`))];
      const outcomes = await Promise.all(jobs.map((job) => producer.enqueue([job])));
      stored.push(...jobs.flatMap(({ id }, index) => (outcomes[index]!.outcome === 'enqueued' ? [id] : [])));
      return stored.length > 0 && outcomes.some(({ outcome }) => outcome === 'unavailable');
    }, 'events on either server');
    const there = await Promise.all(stored.map((id) => replica.client().exists(`${redis.prefix}:xero-events-0:${id}`)));
    expect(there).toEqual(stored.map(() => 1));
  });
});
