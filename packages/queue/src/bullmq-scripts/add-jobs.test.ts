import { describeWithRedisBinary, ownRedis, testPrefix } from '@xero-webhooks/testing';
import { Worker } from 'bullmq';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventJob } from '../event-job.ts';
import { eventJob } from '../event-job.ts';
import { queueName, queuePrefix } from '../names.ts';
import { openQueue } from '../open-queue.ts';
import type { Producer } from '../producer.ts';
import { createProducer } from '../producer.ts';
import { comparableContents } from '../testing/comparable-contents.ts';
import { jobData } from '../testing/event-system.ts';
import { testQueueRedis } from '../testing/queue-redis.ts';
import type { Crowding } from '../crowding.ts';
import { NO_CROWDING } from '../crowding.ts';
import { bindAddJobs } from './add-jobs.ts';

const jobs = (...resourceIds: string[]): EventJob[] => resourceIds.map((resourceId) => eventJob(jobData(resourceId)));

/** A queue, and a producer that adds to it with the script or with BullMQ's own call. */
async function queueWith(bindAdd: typeof bindAddJobs, crowding: Crowding = NO_CROWDING) {
  const redis = await testQueueRedis(testPrefix());
  const producer = createProducer(redis, { bindAdd, crowding });
  onTestFinished(producer.close);
  const queue = openQueue(redis, 0);
  await queue.waitUntilReady();
  return { redis, queue, producer };
}

type TestQueue = Awaited<ReturnType<typeof queueWith>>;

const WAYS: Readonly<Record<string, typeof bindAddJobs>> = {
  'with the script': bindAddJobs,
  'with its own call': () => undefined,
};

/** All that two queues hold after the same steps, less what tells one time or one queue from another. */
async function afterBothWays(crowding: () => Crowding, steps: (queue: TestQueue) => Promise<void>): Promise<unknown[]> {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const contents = [];
  for (const bindAdd of Object.values(WAYS)) {
    const queue = await queueWith(bindAdd, crowding());
    await steps(queue);
    contents.push(await comparableContents(queue.redis));
  }
  return contents;
}

async function enqueue(producer: Producer, added: readonly EventJob[]): Promise<void> {
  expect(await producer.enqueue(added)).toMatchObject({ outcome: 'enqueued' });
}

/** The second of each two events is one too many. */
function everySecond(): Crowding {
  let count = 0;
  return () => count++ % 2 === 1;
}

describe.each<[string, () => Crowding]>([
  ['as usual', () => NO_CROWDING],
  ['behind others', () => () => true],
  ['by turns', everySecond],
])('events that are added with one script, %s,', (_order, crowding) => {
  it.each<[string, (queue: TestQueue) => Promise<void>]>([
    ['one', ({ producer }) => enqueue(producer, jobs('a'))],
    ['several', ({ producer }) => enqueue(producer, jobs('a', 'b', 'c'))],
    [
      'more than one script takes',
      ({ producer }) => enqueue(producer, jobs(...Array.from({ length: 300 }, (_, n) => `r-${n}`))),
    ],
    ['duplicates among them', ({ producer }) => enqueue(producer, jobs('a', 'b', 'a'))],
    [
      'duplicates of earlier ones',
      async ({ producer }) => {
        await enqueue(producer, jobs('a', 'b'));
        await enqueue(producer, jobs('b', 'c', 'a'));
      },
    ],
    ['odd characters', ({ producer }) => enqueue(producer, jobs('ä€😀\u0000"\\\n', '{x}', '%s[[]]', ' '))],
    [
      'a paused queue',
      async ({ producer, queue }) => {
        await queue.pause();
        await enqueue(producer, jobs('a', 'b'));
      },
    ],
    [
      'a queue with as many jobs at work as it may have',
      async ({ producer, queue, redis }) => {
        await queue.setGlobalConcurrency(1);
        await redis.client.lpush(queue.toKey('active'), 'other');
        await enqueue(producer, jobs('a', 'b'));
      },
    ],
    [
      'a Redis that has forgotten the script',
      async ({ producer, redis }) => {
        await enqueue(producer, jobs('a'));
        await redis.client.script('FLUSH');
        await enqueue(producer, jobs('b'));
      },
    ],
  ])('leave Redis as BullMQ’s own call does: %s', async (_what, steps) => {
    const [withScript, withOwnCall] = await afterBothWays(crowding, steps);
    expect(Object.keys(withScript as object)).not.toHaveLength(0);
    expect(withScript).toEqual(withOwnCall);
  });
});

describe('events that are added with one script', () => {
  it('go before those of an organisation that has too many, and these in their order', async () => {
    const { producer, redis } = await queueWith(bindAddJobs, everySecond());
    const [a, b, c, d] = jobs('a', 'b', 'c', 'd') as [EventJob, EventJob, EventJob, EventJob];
    await enqueue(producer, [a, b, c, d]);
    const taken: string[] = [];
    const worker = new Worker(queueName(0), async ({ id }) => void taken.push(id!), {
      connection: redis.connections.forWorker('test'),
      prefix: queuePrefix(redis.prefix, 0, false),
    });
    onTestFinished(() => worker.close(true));
    await new Promise<void>((resolve) => worker.on('completed', () => taken.length === 4 && resolve()));
    expect(taken).toEqual([a, c, b, d].map(({ id }) => id));
  });

  it.each(Object.entries(WAYS))('reach a worker that waits for them, %s', async (_way, bindAdd) => {
    const { producer, redis } = await queueWith(bindAdd);
    const taken: string[] = [];
    const worker = new Worker(queueName(0), async ({ id }) => void taken.push(id!), {
      connection: redis.connections.forWorker('test'),
      prefix: queuePrefix(redis.prefix, 0, false),
    });
    onTestFinished(() => worker.close(true));
    await worker.waitUntilReady();
    const added = jobs('a', 'b', 'c');
    const all = new Promise<void>((resolve) => worker.on('completed', () => taken.length === 3 && resolve()));
    await enqueue(producer, added.slice(0, 1));
    await enqueue(producer, added.slice(1));
    await all;
    expect(taken).toEqual(added.map(({ id }) => id));
  });

  it('are added with BullMQ’s own call where its script is not the one that was tested', async () => {
    const warnings: unknown[] = [];
    const redis = await testQueueRedis(testPrefix());
    const log = { warn: (fields: unknown) => warnings.push(fields) } as never;
    const producer = createProducer(redis, { log, bindAdd: () => undefined });
    onTestFinished(producer.close);
    await enqueue(producer, jobs('a'));
    expect(await openQueue(redis, 0).getWaitingCount()).toBe(1);
    expect(warnings).toEqual([{ code: 'XW_BULLMQ_UNKNOWN' }]);
  });

  it('are told apart from those that the queue had already', async () => {
    const { producer } = await queueWith(bindAddJobs);
    const [a, b, c] = jobs('a', 'b', 'c') as [EventJob, EventJob, EventJob];
    expect(await producer.enqueue([a, b, a])).toEqual({ outcome: 'enqueued', duplicates: [a] });
    const many = jobs(...Array.from({ length: 300 }, (_, n) => `r-${n}`));
    expect(await producer.enqueue([...many, b, c])).toEqual({ outcome: 'enqueued', duplicates: [b] });
  });

  it('all come back where one cannot be added', async () => {
    const { producer, queue, redis } = await queueWith(bindAddJobs);
    await redis.client.set(queue.toKey('wait'), 'not a list');
    expect(await producer.enqueue(jobs('a', 'b'))).toMatchObject({ outcome: 'failed' });
  });
});

describeWithRedisBinary('where Redis is full, events that are added with one script', () => {
  it('are not stored, not even the first of them', async () => {
    const server = await ownRedis();
    const redis = await testQueueRedis('full', { REDIS_URL: server.url });
    const producer = createProducer(redis);
    onTestFinished(producer.close);
    await enqueue(producer, jobs('a'));
    const client = server.client();
    await client.config('SET', 'maxmemory', '1');
    expect(await producer.enqueue(jobs('b', 'c'))).toEqual({ outcome: 'unavailable', reason: 'Redis answers OOM' });
    await client.config('SET', 'maxmemory', '0');
    expect(await openQueue(redis, 0).getWaitingCount()).toBe(1);
    await enqueue(producer, jobs('b', 'c'));
    expect(await openQueue(redis, 0).getWaitingCount()).toBe(3);
  });
});
