import { createProducer, createQuarantine, eventJob, openQueues } from '@xero-webhooks/queue';
import { jobData, testQueueRedis } from '@xero-webhooks/queue/testing';
import { describeWithRedisBinary, ownRedis } from '@xero-webhooks/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createReadSystem } from './read-system.ts';

describeWithRedisBinary('the state of the system', () => {
  it('takes as much of Redis where thousands of events wait', async () => {
    const own = await ownRedis();
    const redis = await testQueueRedis('x', { REDIS_URL: own.url });
    const queues = openQueues(redis);
    const producer = createProducer(redis);
    onTestFinished(producer.close);
    const read = createReadSystem({ redis, queues, quarantine: createQuarantine(redis, 0) });
    const statistics = own.client();
    const commands = async (): Promise<number> =>
      Number(/^total_commands_processed:(\d+)/m.exec(await statistics.info('stats'))![1]);
    const add = (from: number, count: number) =>
      producer.enqueue(Array.from({ length: count }, (_, at) => eventJob(jobData(`r-${from + at}`))));

    // The first one also connects the queues.
    await read();
    const costs: number[] = [];
    for (const [from, count] of [
      [0, 30],
      [30, 5_000],
    ] as const) {
      await add(from, count);
      redis.watch.stop();
      const before = await commands();
      expect((await read()).waiting).toBe(from + count);
      costs.push((await commands()) - before);
    }
    // The watch's last look may end meanwhile, with a few commands of its own.
    expect(Math.abs(costs[1]! - costs[0]!)).toBeLessThan(10);
    expect((await read()).waitingSince).toBeLessThanOrEqual(Date.now());
  });
});
