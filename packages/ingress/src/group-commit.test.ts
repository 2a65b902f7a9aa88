import type { EnqueueOutcome, EventJob } from '@xero-webhooks/queue';
import { describe, expect, it } from 'vitest';
import type { GroupCommitOptions } from './group-commit.ts';
import { createGroupCommit } from './group-commit.ts';
import type { StorageLimitsOptions, StoreOutcome } from './storage-limits.ts';
import { createStorageLimits } from './storage-limits.ts';

const job = (id: string): EventJob => ({ id, name: 'invoice.updated', data: {} as EventJob['data'] });

/** An enqueue that the test answers, and that records its calls. */
function manualEnqueue() {
  const calls: { ids: string[]; answer: (outcome: EnqueueOutcome) => void }[] = [];
  const waiters: (() => void)[] = [];
  return {
    calls,
    enqueue: (jobs: readonly EventJob[]) =>
      new Promise<EnqueueOutcome>((resolve) => {
        calls.push({ ids: jobs.map(({ id }) => id), answer: resolve });
        for (const wake of waiters.splice(0)) wake();
      }),
    async called(times: number) {
      while (calls.length < times) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

/** A group commit within the limits that apply to every request. */
function committing(options: GroupCommitOptions & StorageLimitsOptions) {
  const withinLimits = createStorageLimits(options);
  const commit = createGroupCommit(options);
  return (jobs: readonly EventJob[], bytes: number): Promise<StoreOutcome> =>
    withinLimits(bytes, (attempt) => commit(jobs, attempt));
}

const enqueued: EnqueueOutcome = { outcome: 'enqueued' };

describe('a group commit', () => {
  it('sends what arrives together in one group', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000 });
    const all = Promise.all([commit([job('a')], 1), commit([job('b'), job('c')], 1)]);
    await called(1);
    expect(calls[0]!.ids).toEqual(['a', 'b', 'c']);
    calls[0]!.answer(enqueued);
    expect(await all).toEqual([{ outcome: 'stored' }, { outcome: 'stored' }]);
  });

  it('gathers the next group while the allowed number is in flight', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000, maxInFlight: 1 });
    const first = commit([job('a')], 1);
    await called(1);
    const rest = [commit([job('b')], 1), commit([job('c')], 1)];
    expect(calls).toHaveLength(1);
    calls[0]!.answer(enqueued);
    await first;
    await called(2);
    expect(calls[1]!.ids).toEqual(['b', 'c']);
    calls[1]!.answer(enqueued);
    await Promise.all(rest);
  });

  it('does not wait for the end of the turn once enough jobs wait', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000, enoughJobs: 2 });
    const ids = (): string[][] => calls.map((call) => call.ids);
    const all = ['a', 'b', 'c'].map((id) => commit([job(id)], 1));
    expect(ids()).toEqual([['a', 'b']]);
    await called(2);
    expect(ids()).toEqual([['a', 'b'], ['c']]);
    for (const call of calls) call.answer(enqueued);
    await Promise.all(all);
  });

  it('no longer counts as waiting what was refused at the deadline', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 40, enoughJobs: 2, maxInFlight: 1 });
    const late = [commit([job('a'), job('b')], 1), commit([job('c')], 1)];
    await Promise.all(late);
    calls[0]!.answer(enqueued);
    await new Promise(setImmediate);
    const next = commit([job('d')], 1);
    expect(calls).toHaveLength(1);
    await called(2);
    expect(calls[1]!.ids).toEqual(['d']);
    calls[1]!.answer(enqueued);
    expect(await next).toEqual({ outcome: 'stored' });
  });

  it('cuts groups at the limit, and sends a larger request alone', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000, maxGroupJobs: 2, maxInFlight: 9 });
    const all = [[job('a')], [job('b'), job('c'), job('d')], [job('e')], [job('f')], [job('g')]].map((jobs) =>
      commit(jobs, 1),
    );
    await called(4);
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c', 'd'], ['e', 'f'], ['g']]);
    for (const call of calls) call.answer(enqueued);
    await Promise.all(all);
  });

  it('refuses the whole group if Redis is at fault', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000 });
    const all = Promise.all([commit([job('a')], 1), commit([job('b')], 1)]);
    await called(1);
    calls[0]!.answer({ outcome: 'unavailable', reason: 'Redis answers OOM' });
    const refused = { outcome: 'refused', reason: 'Redis answers OOM' };
    expect(await all).toEqual([refused, refused]);
    expect(calls).toHaveLength(1);
  });

  it('tries each request once more alone if a job is at fault, so that it cannot get its neighbours refused', async () => {
    const error = new Error('a bad job');
    const seen: string[][] = [];
    const commit = committing({
      deadlineMs: 5_000,
      async enqueue(jobs) {
        seen.push(jobs.map(({ id }) => id));
        return jobs.some(({ id }) => id === 'bad') ? { outcome: 'failed', error } : enqueued;
      },
    });
    const all = await Promise.all([commit([job('a')], 1), commit([job('bad')], 1), commit([job('b')], 1)]);
    expect(all.map(({ outcome }) => outcome)).toEqual(['stored', 'refused', 'stored']);
    expect(all[1]).toMatchObject({ error });
    expect(seen).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('refuses requests in flight and waiting at the deadline, and goes on when Redis does', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 40, maxInFlight: 1 });
    const onItsWay = commit([job('a')], 1);
    await called(1);
    const waiting = commit([job('b')], 1);
    const late = { outcome: 'refused', reason: 'Redis is slower than the deadline' };
    expect(await Promise.all([onItsWay, waiting])).toEqual([late, late]);

    const next = commit([job('c')], 1);
    calls[0]!.answer(enqueued);
    await called(2);
    // A request refused while it waited is not sent: Xero was told that it is not stored.
    expect(calls[1]!.ids).toEqual(['c']);
    calls[1]!.answer(enqueued);
    expect(await next).toEqual({ outcome: 'stored' });
  });

  it('does not retry a request that was refused at the deadline before its turn came', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 40 });
    const both = Promise.all([commit([job('a')], 1), commit([job('b')], 1)]);
    await called(1);
    await both;
    calls[0]!.answer({ outcome: 'failed', error: new Error('a bad job') });
    const next = commit([job('c')], 1);
    await called(2);
    expect(calls[1]!.ids).toEqual(['c']);
    calls[1]!.answer(enqueued);
    expect(await next).toEqual({ outcome: 'stored' });
  });

  it('refuses a request over the byte limit at once, but never the only one', async () => {
    const { calls, enqueue, called } = manualEnqueue();
    const commit = committing({ enqueue, deadlineMs: 5_000, maxPendingBytes: 100 });
    const large = commit([job('a')], 1_000);
    expect(await commit([job('b')], 1)).toEqual({ outcome: 'refused', reason: 'too much is waiting for Redis' });
    await called(1);
    calls[0]!.answer(enqueued);
    expect(await large).toEqual({ outcome: 'stored' });
    const next = commit([job('c')], 100);
    await called(2);
    calls[1]!.answer(enqueued);
    expect(await next).toEqual({ outcome: 'stored' });
  });
});
