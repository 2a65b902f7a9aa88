import { Worker } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testPrefix, until } from '@xero-webhooks/testing';
import { testQueueRedis } from './testing/queue-redis.ts';
import { changeShards } from './change-shards.ts';
import type { EventJobData } from './event-job.ts';
import { queueName, queuePrefix } from './names.ts';
import type { EventQueue } from './open-queue.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';
import { queueContents } from './queue-contents.ts';
import { agreeOnShards, agreeToEnqueue, recordedShards, shardsChangeKey } from './shards.ts';

const AT_ONCE = { graceMs: 0 };
const data = {} as EventJobData;

/** A Redis with a number of shards recorded. */
async function recorded(shards: number): Promise<QueueRedis> {
  return testQueueRedis(testPrefix(), { QUEUE_SHARDS: String(shards) });
}

/** A worker that does nothing by itself. */
function idleWorker({ client, connections, prefix }: QueueRedis, shard: number): Worker<EventJobData, void> {
  const worker = new Worker<EventJobData, void>(queueName(shard), null, {
    connection: client,
    prefix: queuePrefix(prefix, shard, connections.cluster),
    skipVersionCheck: true,
  });
  worker.on('error', () => {});
  onTestFinished(() => worker.close());
  return worker;
}

/** Takes a job that waits, and lets it end. */
async function end(redis: QueueRedis, shard: number, how: 'completed' | 'failed'): Promise<void> {
  const job = await idleWorker(redis, shard).getNextJob('token');
  if (!job) throw new Error('there is no job');
  if (how === 'completed') await job.moveToCompleted(undefined, 'token', false);
  else await job.moveToFailed(new Error('refused'), 'token', false);
}

describe('the number of shards', () => {
  it.each([
    ['1 waiting', (queue: EventQueue) => queue.add('a', data)],
    ['1 delayed', (queue: EventQueue) => queue.add('a', data, { delay: 3_600_000 })],
    ['1 prioritized', (queue: EventQueue) => queue.add('a', data, { priority: 5 })],
    [
      '1 active',
      async (queue: EventQueue, redis: QueueRedis) => {
        await queue.add('a', data);
        await idleWorker(redis, 1).getNextJob('token');
      },
    ],
    [
      '1 dead letter',
      async (queue: EventQueue, redis: QueueRedis) => {
        await queue.add('a', data);
        await end(redis, 1, 'failed');
      },
    ],
  ])('is not changed where a queue holds %s, in either direction', async (what, fill) => {
    const redis = await recorded(2);
    await fill(openQueue(redis, 1), redis);
    for (const to of [1, 3]) {
      await expect(changeShards(redis, to, AT_ONCE)).rejects.toMatchObject({
        code: 'XW_SHARDS_NOT_DRAINED',
        message: `the number of shards cannot become ${to} yet: xero-events-1 holds ${what}`,
      });
    }
    expect(await recordedShards(redis.client, redis.prefix)).toBe(2);
  });

  it('is changed where all events are handled', async () => {
    const redis = await recorded(2);
    await openQueue(redis, 1).add('a', data);
    await end(redis, 1, 'completed');
    expect(await changeShards(redis, 4, AT_ONCE)).toEqual({ from: 2, to: 4 });
    expect(await recordedShards(redis.client, redis.prefix)).toBe(4);
    expect((await queueContents(redis, 2))[1]).toMatchObject({ left: 0, handled: 1 });
    await expect(agreeOnShards(redis.client, redis.prefix, 2)).rejects.toMatchObject({
      code: 'XW_SHARDS',
      message: expect.stringMatching(/^QUEUE_SHARDS is 2, but 4 is recorded in Redis under t-\w+:shards: start every/),
    });
    await agreeToEnqueue(redis.client, redis.prefix, 4);
  });

  it('can become large enough for workers to look at what nobody looked at, but not smaller than that', async () => {
    const redis = await recorded(2);
    await openQueue(redis, 3).add('a', data);
    await expect(changeShards(redis, 3, AT_ONCE)).rejects.toMatchObject({ code: 'XW_SHARDS_NOT_DRAINED' });
    expect(await changeShards(redis, 4, AT_ONCE)).toEqual({ from: 2, to: 4 });
  });

  it('stays as it is where it is that number already, whatever the queues hold', async () => {
    const redis = await recorded(2);
    await openQueue(redis, 0).add('a', data);
    expect(await changeShards(redis, 2)).toEqual({ from: 2, to: 2 });
  });

  it('is recorded where it was not', async () => {
    const redis = await recorded(2);
    await redis.client.del(`${redis.prefix}:shards`);
    expect(await changeShards(redis, 3, AT_ONCE)).toEqual({ from: undefined, to: 3 });
    await redis.client.del(`${redis.prefix}:shards`);
    await agreeOnShards(redis.client, redis.prefix, 5);
    expect(await recordedShards(redis.client, redis.prefix)).toBe(5);
  });

  it('is not changed where an event comes meanwhile, and processes that enqueue stand back until then', async () => {
    const redis = await recorded(2);
    const { client, prefix } = redis;
    const changing = changeShards(redis, 3, { graceMs: 1_000 });
    changing.catch(() => {});
    await until(async () => (await client.exists(shardsChangeKey(prefix))) === 1, 'the change to begin');
    await expect(agreeToEnqueue(client, prefix, 2)).rejects.toMatchObject({
      code: 'XW_SHARDS',
      message: 'the number of shards is being changed from 2 to 3',
    });
    await agreeOnShards(client, prefix, 2);
    await openQueue(redis, 0).add('a', data);
    await expect(changing).rejects.toMatchObject({ code: 'XW_SHARDS_NOT_DRAINED' });
    expect(await recordedShards(client, prefix)).toBe(2);
    await agreeToEnqueue(client, prefix, 2);
  });

  it('is changed by one at a time', async () => {
    const redis = await recorded(2);
    const changing = changeShards(redis, 3, { graceMs: 1_000 });
    await until(async () => (await redis.client.exists(shardsChangeKey(redis.prefix))) === 1, 'the change to begin');
    await expect(changeShards(redis, 4, AT_ONCE)).rejects.toMatchObject({
      code: 'XW_SHARDS',
      message: expect.stringContaining('somebody else'),
    });
    expect(await changing).toEqual({ from: 2, to: 3 });
  });
});
