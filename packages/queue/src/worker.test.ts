import { DelayedError, Queue, RateLimitError, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventSystem, jobData, waitFor } from './testing/event-system.ts';
import { eventJob } from './event-job.ts';

const HANDLERS = { handlers: ['only'] };

describe('an error of a handler', () => {
  it.each([
    new UnrecoverableError('stop'),
    new DelayedError(),
    new WaitingError(),
    new WaitingChildrenError(),
    new RateLimitError(),
    Object.assign(new Error('bullmq:rateLimitExceeded'), { name: 'RateLimitError' }),
    Object.assign(new Error('x'), { name: 'DelayedError' }),
  ])('that looks like a signal of BullMQ is a failure like any other: $name, $message', async (error) => {
    let times = 0;
    const { enqueue, ended, client, prefix, runs } = await eventSystem(
      () => (++times === 1 ? { outcome: 'failed', error, retryAfterMs: undefined } : { outcome: 'succeeded' }),
      HANDLERS,
    );
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'handled');
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 1);
    expect(runs).toHaveLength(2);
    expect(await client.hget(`${prefix}:xero-events-0:${job.id}`, 'failedReason')).toBe(`only: ${error.message}`);
  });
});

describe('a job that somebody else has put into the queue', () => {
  it.each([{}, { v: 1 }, { v: 1, event: { resourceId: 'only' } }, null])(
    'is a dead letter at once: %j',
    async (data) => {
      const { client, prefix, redis, runs } = await eventSystem(() => ({ outcome: 'succeeded' }), HANDLERS);
      const queue = new Queue('xero-events-0', { connection: redis.client, prefix, skipVersionCheck: true });
      onTestFinished(() => queue.close());
      await queue.add('invoice.updated', data, { jobId: 'foreign' });
      await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:failed`)) === 1);
      expect(runs).toEqual([]);
      expect(await client.hget(`${prefix}:xero-events-0:foreign`, 'failedReason')).toContain('is not an event');
    },
  );
});

describe('a job that waits', () => {
  it('shows its last failure, its stack and the number of failures in Bull Board', async () => {
    const { enqueue, ended, client, prefix } = await eventSystem(
      () => ({ outcome: 'failed', error: new Error('no luck'), retryAfterMs: 60_000 }),
      HANDLERS,
    );
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'waiting');
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:delayed`)) === 1);
    const stored = await client.hgetall(`${prefix}:xero-events-0:${job.id}`);
    expect(stored).toMatchObject({ atm: '1', failedReason: 'only: no luck' });
    expect(JSON.parse(stored['stacktrace']!)).toEqual([expect.stringContaining('only: Error: no luck')]);
  });

  it('becomes due by the clock of Redis', async () => {
    const { enqueue, ended, client, prefix } = await eventSystem(
      () => ({ outcome: 'later', delayMs: 60_000, reason: 'not yet' }),
      HANDLERS,
    );
    const job = eventJob(jobData('r-1'));
    const [seconds] = await client.time();
    await enqueue(job);
    await ended(job.id, 'waiting');
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:delayed`)) === 1);
    // BullMQ keeps the time in the upper part of the score.
    const due = Number(await client.zscore(`${prefix}:xero-events-0:delayed`, job.id)) / 4096;
    expect(due).toBeGreaterThanOrEqual((Number(seconds) + 60) * 1_000);
    expect(due).toBeLessThan((Number(seconds) + 90) * 1_000);
  });
});

describe('a job whose observer throws', () => {
  it.each([
    ['handled', 'completed', { outcome: 'succeeded' }],
    ['dead', 'failed', { outcome: 'gave-up', error: new Error('never') }],
  ] as const)('is %s all the same', async (outcome, set, result) => {
    const observe = (): never => {
      throw new Error('the log is broken');
    };
    const { enqueue, ended, client, prefix, runs } = await eventSystem(() => result, { ...HANDLERS, observe });
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, outcome);
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:${set}`)) === 1);
    expect(runs).toHaveLength(1);
  });
});

describe('many events of one resource', () => {
  it('run one after another, each once, with nobody waiting for long', async () => {
    let running = 0;
    let most = 0;
    const { enqueue, ended, runs, client, prefix } = await eventSystem(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return { outcome: 'succeeded' };
      },
      { handlers: ['only'], concurrency: 20 },
    );
    const jobs = Array.from({ length: 100 }, (_, index) => {
      const data = jobData('r-1');
      return eventJob({
        ...data,
        event: { ...data.event, eventDateUtc: `2026-01-01T00:00:00.${String(index).padStart(3, '0')}` },
      });
    });
    for (const job of jobs) await enqueue(job);
    await Promise.all(jobs.map(({ id }) => ended(id, 'handled')));
    expect(most).toBe(1);
    expect(runs).toHaveLength(100);
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 100);
    expect(await client.keys(`${prefix}:{t-1}:[lt]*`)).toEqual([]);
  });
});
