import { testPrefix } from '@xero-webhooks/testing';
import type { Job } from 'bullmq';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventJobData } from '../event-job.ts';
import { eventJob } from '../event-job.ts';
import { openQueue } from '../open-queue.ts';
import { createProducer } from '../producer.ts';
import { comparableContents } from '../testing/comparable-contents.ts';
import { jobData } from '../testing/event-system.ts';
import { finalFailure } from '../testing/final-failure.ts';
import { takingWorker } from '../testing/taking-worker.ts';
import { testQueueRedis } from '../testing/queue-redis.ts';
import { endJobsTogether } from './end-jobs.ts';

const TOKEN = 'a-token';

/** A queue with waiting jobs, and a worker that has taken some of them and ends each when told. */
async function takenJobs(together: boolean, { waiting, taken }: { waiting: number; taken: number }) {
  const redis = await testQueueRedis(testPrefix());
  const producer = createProducer(redis);
  onTestFinished(producer.close);
  const { client, worker } = await takingWorker(redis, 0, together);
  const jobs = Array.from({ length: waiting }, (_, number) => eventJob(jobData(`r-${number}`)));
  expect(await producer.enqueue(jobs)).toEqual({ outcome: 'enqueued' });
  const takenOnes: Job<EventJobData>[] = [];
  for (let number = 0; number < taken; number++) takenOnes.push(await worker.getNextJob(TOKEN));
  return { redis, client, queue: openQueue(redis, 0), jobs: takenOnes };
}

type Taken = Awaited<ReturnType<typeof takenJobs>>;
type Ending = (taken: Taken) => Promise<unknown>[];

/** The results of ends, and what Redis holds after them. */
async function after(together: boolean, size: Parameters<typeof takenJobs>[1], ending: Ending): Promise<unknown> {
  const taken = await takenJobs(together, size);
  const results = await Promise.allSettled(ending(taken));
  return {
    results: results.map((result) =>
      result.status === 'fulfilled'
        ? result.value
        : (result.reason as Error).message.replaceAll(taken.redis.prefix, ''),
    ),
    contents: await comparableContents(taken.redis),
  };
}

const complete = (job: Job, token = TOKEN, fetchNext = true): Promise<unknown> =>
  job.moveToCompleted('done', token, fetchNext);

describe('jobs that end together', () => {
  it.each<[string, Parameters<typeof takenJobs>[1], Ending]>([
    ['one', { waiting: 1, taken: 1 }, ({ jobs }) => jobs.map((job) => complete(job))],
    ['several, the last of the queue', { waiting: 4, taken: 4 }, ({ jobs }) => jobs.map((job) => complete(job))],
    ['several, each with a next one', { waiting: 12, taken: 5 }, ({ jobs }) => jobs.map((job) => complete(job))],
    ['more than there are next ones', { waiting: 7, taken: 5 }, ({ jobs }) => jobs.map((job) => complete(job))],
    ['without a next one', { waiting: 6, taken: 3 }, ({ jobs }) => jobs.map((job) => complete(job, TOKEN, false))],
    ['more than one command takes', { waiting: 50, taken: 40 }, ({ jobs }) => jobs.map((job) => complete(job))],
    [
      'those that fail for good beside those that are done',
      { waiting: 6, taken: 4 },
      ({ jobs: [first, second, third, fourth] }) => [
        complete(first!),
        second!.moveToFailed(finalFailure('ä€😀 no'), TOKEN, true),
        complete(third!),
        fourth!.moveToFailed(finalFailure(' '), TOKEN, false),
      ],
    ],
    [
      'one whose lock another has',
      { waiting: 5, taken: 3 },
      ({ jobs: [first, second, third] }) => [complete(first!), complete(second!, 'another'), complete(third!)],
    ],
    [
      'one twice',
      { waiting: 5, taken: 2 },
      ({ jobs: [first, second] }) => [complete(first!), complete(first!), complete(second!)],
    ],
  ])('leave Redis, and get the replies, as with BullMQ’s own calls: %s', async (_what, size, ending) => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await after(true, size, ending)).toEqual(await after(false, size, ending));
  });

  it('include one that is gone, which fails no other', async () => {
    const { jobs, queue, client } = await takenJobs(true, { waiting: 3, taken: 3 });
    await client.del(queue.toKey(jobs[1]!.id!));
    const ended = await Promise.allSettled(jobs.map((job) => complete(job)));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await queue.getCompletedCount()).toBe(2);
  });

  it('include one whose end Redis cannot carry out, which fails no other', async () => {
    const { jobs, queue, client } = await takenJobs(true, { waiting: 3, taken: 3 });
    await client.set(`${queue.toKey(jobs[1]!.id!)}:dependencies`, 'not a set');
    const ended = await Promise.allSettled(jobs.map((job) => complete(job)));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((ended[1] as PromiseRejectedResult).reason).toHaveProperty('message', expect.stringContaining('WRONGTYPE'));
    expect(await queue.getCompletedCount()).toBe(2);
  });

  it('share commands', async () => {
    const { jobs, client } = await takenJobs(true, { waiting: 30, taken: 10 });
    await complete(jobs[0]!);
    const sent = vi.spyOn(client, 'sendCommand');
    await Promise.all(jobs.slice(1).map((job) => complete(job)));
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('are told from those of a BullMQ that was not tested, which ends them itself', async () => {
    const redis = await testQueueRedis(testPrefix());
    const client = redis.connections.forWorker('test');
    onTestFinished(() => client.disconnect());
    expect(endJobsTogether(client, { version: '7.0.0', scripts: { moveToFinished: { content: 'return 1' } } })).toBe(
      false,
    );
    expect(Object.keys(client).filter((name) => name.startsWith('moveToFinished'))).toEqual([]);
  });
});
