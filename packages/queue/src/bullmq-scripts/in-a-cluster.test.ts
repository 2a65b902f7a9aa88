import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary } from '@xero-webhooks/local-redis';
import type { RedisCluster } from '@xero-webhooks/testing';
import { describeWithRedisBinary, startRedisCluster } from '@xero-webhooks/testing';
import type { Job } from 'bullmq';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { EventJob } from '../event-job.ts';
import { eventJob } from '../event-job.ts';
import type { QueueRedis } from '../open-redis.ts';
import { createProducer } from '../producer.ts';
import { comparableContents } from '../testing/comparable-contents.ts';
import { jobData } from '../testing/event-system.ts';
import { finalFailure } from '../testing/final-failure.ts';
import { takingWorker } from '../testing/taking-worker.ts';
import { testQueueRedis } from '../testing/queue-redis.ts';
import { bindAddJobs } from './add-jobs.ts';

const SHARDS = 4;
const TOKEN = 'a-token';

/** Events of twenty organisations, so that every shard has some; each third is behind the others. */
function jobs(from: number, count: number): EventJob[] {
  return Array.from({ length: count }, (_, at) => {
    const number = from + at;
    const data = jobData(`r-${number}`);
    const event = { ...data.event, tenantId: `t-${number % 20}` };
    return eventJob({ ...data, event, source: number % 3 === 0 ? 'backfill' : 'webhook' });
  });
}

describeWithRedisBinary('in a Cluster with several shards', () => {
  const dir = mkdtempSync(join(tmpdir(), 'xw-cluster-'));
  let cluster: RedisCluster;
  let prefixes = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster(findRedisBinary(process.env['PATH']!)!, { dir });
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function queues(): Promise<QueueRedis> {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    return testQueueRedis(`c-${++prefixes}`, {
      REDIS_URL: cluster.url,
      REDIS_CLUSTER: cluster.addresses.join(','),
      QUEUE_SHARDS: String(SHARDS),
    });
  }

  async function add(redis: QueueRedis, bindAdd: typeof bindAddJobs): Promise<void> {
    const producer = createProducer(redis, { bindAdd });
    onTestFinished(producer.close);
    expect(await producer.enqueue(jobs(0, 300))).toMatchObject({ outcome: 'enqueued' });
    // A hundred of them a second time.
    expect(await producer.enqueue(jobs(200, 200))).toMatchObject({ outcome: 'enqueued' });
  }

  it('events that are added with scripts leave Redis as BullMQ’s own call does', async () => {
    const withScript = await queues();
    await add(withScript, bindAddJobs);
    const withOwnCall = await queues();
    await add(withOwnCall, () => undefined);
    const contents = await comparableContents(withScript);
    expect(Object.keys(contents).filter((key) => /^:\{\d\}:xero-events-\d:wait$/.test(key))).toHaveLength(SHARDS);
    expect(contents).toEqual(await comparableContents(withOwnCall));
  });

  it('jobs that end together leave Redis as BullMQ’s own calls do', async () => {
    const afterEnds = async (together: boolean): Promise<unknown> => {
      const redis = await queues();
      await add(redis, bindAddJobs);
      for (let shard = 0; shard < SHARDS; shard++) await endSome(redis, shard, together);
      return comparableContents(redis);
    };
    expect(await afterEnds(true)).toEqual(await afterEnds(false));
  });

  /** Takes ten jobs of a shard and ends them in one turn, nine as done and one for good. */
  async function endSome(redis: QueueRedis, shard: number, together: boolean): Promise<void> {
    const { worker } = await takingWorker(redis, shard, together);
    const taken: Job[] = [];
    for (let number = 0; number < 10; number++) taken.push(await worker.getNextJob(TOKEN));
    const [first, ...others] = taken;
    const next = await Promise.all([
      first?.moveToFailed(finalFailure('no'), TOKEN, true),
      ...others.map((job) => job.moveToCompleted('done', TOKEN, true)),
    ]);
    expect(next.every((reply) => Array.isArray(reply))).toBe(true);
  }
});
