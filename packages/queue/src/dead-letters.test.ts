import { Queue } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Behaviour } from './testing/event-system.ts';
import { eventSystem, jobData, waitFor } from './testing/event-system.ts';
import { createDeadLetters } from './dead-letters.ts';
import { eventJob, forcedJob } from './event-job.ts';
import { openQueues } from './open-queue.ts';

const failing: Behaviour = (_job, handler) =>
  handler === 'good'
    ? { outcome: 'succeeded' }
    : { outcome: 'failed', error: new Error('no luck'), retryAfterMs: undefined };

describe('a dead letter', () => {
  it('is listed with what each handler came to', async () => {
    const { letters, enqueue, ended } = await eventSystem(failing);
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'dead');
    await waitFor(async () => (await letters.count()) === 1);
    expect(await letters.list(10)).toEqual([
      {
        id: job.id,
        name: 'invoice.updated',
        data: job.data,
        reason: 'bad: no luck',
        failedAt: expect.any(Number),
        handlers: expect.arrayContaining([
          { handler: 'good', state: 'ok' },
          expect.objectContaining({
            handler: 'bad',
            state: 'dead',
            failures: 2,
            details: expect.objectContaining({ reason: 'no luck' }),
          }),
        ]),
      },
    ]);
  });

  it('that is retried runs only what had not succeeded, with all its attempts', async () => {
    let mended = false;
    const { letters, enqueue, ended, runs, client, prefix } = await eventSystem((job, handler) =>
      mended ? { outcome: 'succeeded' } : failing(job, handler),
    );
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'dead');
    await waitFor(async () => (await letters.count()) === 1);
    expect(await letters.retry(job.id)).toBe('retried');
    await ended(job.id, 'dead', 2);
    await waitFor(async () => (await letters.count()) === 1);
    mended = true;
    let stoodAs: string | undefined;
    const beforeItRuns = async (): Promise<void> => {
      stoodAs = (await letters.list(1))[0]?.id;
    };
    expect(await letters.retry(job.id, beforeItRuns)).toBe('retried');
    expect(stoodAs).toBe(job.id);
    await ended(job.id, 'handled');
    expect(runs).toEqual(['good of r-1', ...Array.from({ length: 5 }, () => 'bad of r-1')]);
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 1);
    expect(await letters.count()).toBe(0);
    expect(await letters.retry(job.id)).toBe('absent');
  });

  it('that is dropped is gone, and so are its duplicates', async () => {
    const { letters, enqueue, ended, runs, client, prefix } = await eventSystem(failing);
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'dead');
    await waitFor(async () => (await letters.count()) === 1);
    expect(await letters.drop(job.id)).toBe('dropped');
    expect(await letters.count()).toBe(0);
    expect(await client.exists(`${prefix}:xero-events-0:${job.id}`)).toBe(0);
    await enqueue(job);
    await ended(job.id, 'duplicate');
    expect(runs).toHaveLength(3);
    expect(await client.pttl(`${prefix}:{t-1}:e:${job.id}`)).toBeGreaterThan(0);
  });

  it('of an unknown id is absent', async () => {
    const { letters } = await eventSystem(failing);
    expect(await letters.retry('x-nowhere')).toBe('absent');
    expect(await letters.drop('x-nowhere')).toBe('absent');
  });
});

describe('a job', () => {
  it('that is forced runs all handlers of a settled event again, under an id of its own', async () => {
    const { enqueue, ended, runs } = await eventSystem(() => ({ outcome: 'succeeded' }));
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'handled');
    const forced = forcedJob(jobData('r-1'), 'again1');
    expect(forced.id).toBe(`${job.id}.again1`);
    await enqueue(forced);
    await ended(forced.id, 'handled');
    expect(runs).toHaveLength(4);
    expect(forced.data.source).toBe('replay');
  });

  it('of the first release is handled by this one', async () => {
    const { ended, client, prefix, redis } = await eventSystem(() => ({ outcome: 'succeeded' }));
    // As the first release wrote it, field by field.
    const stored = {
      v: 1,
      event: {
        resourceId: 'r-old',
        tenantId: 't-1',
        eventCategory: 'INVOICE',
        eventType: 'UPDATE',
        eventDateUtc: '2026-01-01T00:00:00',
      },
      sequence: 7,
      receivedAt: 1_700_000_000_000,
      deliveryId: 'abc-1',
      source: 'webhook',
    };
    const queue = new Queue('xero-events-0', { connection: redis.client, prefix, skipVersionCheck: true });
    onTestFinished(() => queue.close());
    await queue.add('invoice.updated', stored, {
      jobId: 'xWrittenByTheFirstRelease0',
      attempts: 1_000_000,
      backoff: { type: 'worker' },
    });
    await ended('xWrittenByTheFirstRelease0', 'handled');
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 1);
  });

  it('of a newer release is put back for a newer worker', async () => {
    const { enqueue, client, prefix, runs } = await eventSystem(() => ({ outcome: 'succeeded' }));
    const job = eventJob(jobData('r-1'));
    await enqueue({ ...job, data: { ...job.data, v: 2 as 1 } });
    await waitFor(async () => (await client.zcard(`${prefix}:xero-events-0:delayed`)) === 1);
    expect(runs).toEqual([]);
    expect(await client.hget(`${prefix}:xero-events-0:${job.id}`, 'atm')).toBe(null);
  });
});

describe('what somebody else has put into the queue', () => {
  it('is a dead letter like others, which can be retried and dropped', async () => {
    const { letters, redis, prefix, enqueue, ended } = await eventSystem(failing);
    const queue = new Queue('xero-events-0', { connection: redis.client, prefix, skipVersionCheck: true });
    onTestFinished(() => queue.close());
    await queue.add('invoice.updated', {}, { jobId: 'foreign' });
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'dead');
    await waitFor(async () => (await letters.count()) === 2);
    expect(await letters.list(10)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: job.id, data: job.data }),
        expect.objectContaining({ id: 'foreign', data: undefined, handlers: [] }),
      ]),
    );
    expect(await letters.retry('foreign')).toBe('retried');
    await waitFor(async () => (await letters.count()) === 2);
    expect(await letters.drop('foreign')).toBe('dropped');
    expect(await letters.count()).toBe(1);
  });
});

describe('a dead letter that two retry at the same time', () => {
  it('is retried once, and a handled event is not forgotten', async () => {
    let mended = false;
    const { letters, redis, gate, enqueue, ended, runs } = await eventSystem((job, handler) =>
      mended ? { outcome: 'succeeded' } : failing(job, handler),
    );
    const job = eventJob(jobData('r-1'));
    await enqueue(job);
    await ended(job.id, 'dead');
    await waitFor(async () => (await letters.count()) === 1);
    mended = true;
    // The second has found the dead letter, too, and goes on only when the event is handled.
    const late = createDeadLetters(openQueues(redis), {
      ...gate,
      async resetFailures(tenantId, jobId) {
        expect(await letters.retry(job.id)).toBe('retried');
        await ended(job.id, 'handled');
        await gate.resetFailures(tenantId, jobId);
      },
    });
    expect(await late.retry(job.id)).toBe('absent');
    const before = runs.length;
    await redis.client.del(`${redis.prefix}:xero-events-0:${job.id}`);
    await enqueue(job);
    await ended(job.id, 'duplicate');
    expect(runs).toHaveLength(before);
  });
});
