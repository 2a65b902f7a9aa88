import { NO_RECORDER } from '@xero-webhooks/record';
import type { Redis } from 'ioredis';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeWithRedisBinary, ownRedis, testClient, testPrefix, until } from '@xero-webhooks/testing';
import type { HandlerOutcome } from '@xero-webhooks/handlers';
import { createAtWork } from './at-work.ts';
import { eventJob } from './event-job.ts';
import type { Gate } from './gate/gate.ts';
import { createGate } from './gate/gate.ts';
import { createIsolation } from './isolation.ts';
import type { JobOutcome } from './job-outcome.ts';
import type { RunJobOptions } from './run-job.ts';
import { runJob } from './run-job.ts';
import type { RoutedHandler, TakenJob } from './taken-job.ts';

const RETRY = { attempts: 3, baseMs: 1_000, maxMs: 4_000 };
const never = new AbortController().signal;

let client: Redis;
let prefix: string;
let gate: Gate;
let taken = 0;

beforeEach(() => {
  client = testClient();
  prefix = testPrefix();
  gate = createGate({ client, prefix, cluster: false, rememberMs: 60_000 });
});

type TakeOptions = { resourceId?: string; dateUtc?: string; id?: string; addedAt?: number };

/** How BullMQ gives a job out: each time under another token and a higher number. */
function takenAgain(): { runToken: string; runNumber: number; stalls: number } {
  taken++;
  return { runToken: `token-${taken}`, runNumber: taken, stalls: 0 };
}

/** A job as a worker has just taken it. */
function take({ resourceId = 'r-1', dateUtc = '2026-01-01T00:00:00', id, addedAt = 0 }: TakeOptions = {}): TakenJob {
  const event = xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 'T-1', dateUtc });
  const job = eventJob({ event, sequence: 1, receivedAt: 0, deliveryId: 'd', source: 'webhook' });
  return { ...job, id: id ?? job.id, addedAt, ...takenAgain() };
}

type Behaviour = (job: TakenJob, attempt: number, signal: AbortSignal) => Promise<HandlerOutcome> | HandlerOutcome;
type Behaviours = Record<string, Behaviour | (Partial<Omit<RoutedHandler, 'run'>> & { run: Behaviour })>;

/** Runs jobs with handlers that behave as told, and notes what is asked of the queue. */
function withHandlers(
  behaviours: Behaviours,
  { onDelay = async () => {}, ...overrides }: Partial<RunJobOptions> & { onDelay?: () => Promise<void> } = {},
) {
  const runs: string[] = [];
  const suspected: string[] = [];
  const woken: string[] = [];
  const delayed: { id: string; time: number }[] = [];
  const handlers = Object.entries(behaviours).map(([name, behaviour]): RoutedHandler => {
    const { run, ...routed } = typeof behaviour === 'function' ? { run: behaviour } : behaviour;
    return {
      name,
      latestOnly: false,
      timeoutMs: 1_000,
      ...routed,
      async run(job, attempt, signal) {
        runs.push(`${name} ${attempt}`);
        return run(job, attempt, signal);
      },
    };
  });
  const options: RunJobOptions = {
    gate,
    retry: RETRY,
    pauseMs: 0,
    isolation: createIsolation({ maxWaiting: 10, onPause() {} }),
    atWork: createAtWork(),
    record: { recorder: NO_RECORDER, worker: 'test' },
    onSuspect: (_job, lost, cause) => suspected.push(`${lost}: ${cause}`),
    onOutcome() {},
    route: () => handlers,
    ...overrides,
  };
  return {
    runs,
    suspected,
    woken,
    delayed,
    run: (job: TakenJob, signal = never): Promise<JobOutcome> => {
      const queue = {
        async delayUntil(time: number) {
          delayed.push({ id: job.id, time });
          await onDelay();
        },
        wake: async (id: string) => void woken.push(id),
      };
      return runJob(job, signal, queue, options);
    },
  };
}

const succeed: Behaviour = () => ({ outcome: 'succeeded' });
const fail: Behaviour = () => ({ outcome: 'failed', error: new Error('no luck'), retryAfterMs: undefined });
const giveUp: Behaviour = () => ({ outcome: 'gave-up', error: new Error('never') });
const later =
  (delayMs: number): Behaviour =>
  () => ({ outcome: 'later', delayMs, reason: 'not yet' });

/** Makes everything in an event's ledger due, as time would. @param since when it became due, in ms since 1970 */
async function letTimePass(job: TakenJob, since = 0): Promise<void> {
  const key = `${prefix}:{t-1}:e:${job.id}`;
  for (const [handler, entry] of Object.entries(await client.hgetall(key))) {
    await client.hset(key, handler, entry.replace(/^(\w+\|\d+\|)\d+/, `$1${since}`));
  }
}

/** Runs the same job until it no longer waits. */
async function runUntilEnd(to: ReturnType<typeof withHandlers>, job = take()): Promise<JobOutcome[]> {
  const outcomes: JobOutcome[] = [];
  for (;;) {
    const ended = await to.run({ ...job, ...takenAgain() });
    outcomes.push(ended);
    if (ended.outcome !== 'waiting' || outcomes.length > 20) return outcomes;
    await letTimePass(job);
  }
}

/** A result that comes when it is told to. */
function held(): { behaviour: Behaviour; started: Promise<void>; end: (result: HandlerOutcome) => void } {
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const { promise: result, resolve: end } = Promise.withResolvers<HandlerOutcome>();
  return {
    started,
    end,
    behaviour: () => {
      start();
      return result;
    },
  };
}

describe('a job', () => {
  it('is handled once: the same event again is a duplicate', async () => {
    const to = withHandlers({ a: succeed, b: succeed });
    expect(await to.run(take())).toMatchObject({ outcome: 'handled' });
    expect(await to.run(take())).toEqual({ outcome: 'duplicate' });
    expect(to.runs).toEqual(['a 1', 'b 1']);
  });

  it('without a handler is unhandled and leaves nothing in Redis', async () => {
    const to = withHandlers({});
    expect(await to.run({ ...take(), runNumber: 1 })).toEqual({ outcome: 'unhandled' });
    expect(await client.keys(`${prefix}:*`)).toEqual([]);
  });

  it('leaves only a small note with a lifetime when it is settled', async () => {
    const job = take();
    await withHandlers({ a: succeed, b: { latestOnly: false, run: succeed } }).run(job);
    expect(await client.keys(`${prefix}:*`)).toEqual([`${prefix}:{t-1}:e:${job.id}`]);
    expect(await client.hgetall(`${prefix}:{t-1}:e:${job.id}`)).toEqual({ '@': 'done' });
    expect(await client.pttl(`${prefix}:{t-1}:e:${job.id}`)).toBeGreaterThan(0);
  });

  it('runs its handlers in parallel, and records each success while others still run', async () => {
    const [slow, other] = [held(), held()];
    const to = withHandlers({ slow: slow.behaviour, other: other.behaviour, quick: succeed });
    const job = take();
    const ended = to.run(job);
    await Promise.all([slow.started, other.started]);
    await until(
      async () => (await client.hget(`${prefix}:{t-1}:e:${job.id}`, 'quick')) === '+',
      'the success to be recorded',
    );
    slow.end({ outcome: 'succeeded' });
    other.end({ outcome: 'succeeded' });
    expect((await ended).outcome).toBe('handled');
  });

  it('runs again only the handlers that have not succeeded', async () => {
    const to = withHandlers({
      good: succeed,
      bad: (_job, attempt) => (attempt < 3 ? fail(_job, attempt, never) : { outcome: 'succeeded' }),
    });
    const outcomes = await runUntilEnd(to);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'handled']);
    expect(to.runs).toEqual(['good 1', 'bad 1', 'bad 2', 'bad 3']);
  });

  it('of a success that a crash cut off from its end runs only the others', async () => {
    const stuck = held();
    const job = take();
    const crashed = withHandlers({ done: succeed, stuck: stuck.behaviour });
    void crashed.run(job);
    await stuck.started;
    await until(
      async () => (await client.hget(`${prefix}:{t-1}:e:${job.id}`, 'done')) === '+',
      'the success to be recorded',
    );
    // The worker is gone; BullMQ gives the job out again, and it takes over its own lock.
    const next = withHandlers({ done: succeed, stuck: succeed });
    expect(await next.run({ ...job, ...takenAgain() })).toMatchObject({ outcome: 'handled' });
    expect(next.runs).toEqual(['stuck 1']);
  });

  it('is a dead letter when its attempts are used up, with the reason and the stack of the handler', async () => {
    const job = take();
    const to = withHandlers({ good: succeed, bad: fail });
    const outcomes = await runUntilEnd(to, job);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'dead']);
    expect(outcomes.at(-1)).toMatchObject({ error: { message: 'bad: no luck' } });
    const ledger = await gate.read('t-1', job.id);
    expect(ledger).toEqual(
      expect.arrayContaining([
        { handler: 'good', state: 'ok' },
        {
          handler: 'bad',
          state: 'dead',
          failures: 3,
          dueAt: expect.any(Number),
          details: { reason: 'no luck', stack: expect.stringMatching(/^Error: no luck\n\s+at /) },
        },
      ]),
    );
    expect(await client.pttl(`${prefix}:{t-1}:e:${job.id}`)).toBe(-1);
  });

  it('waits while one handler can be retried, though another has given up, and is then a dead letter', async () => {
    const to = withHandlers({
      quitter: giveUp,
      flaky: (_job, attempt) => (attempt === 1 ? fail(_job, 1, never) : { outcome: 'succeeded' }),
    });
    const outcomes = await runUntilEnd(to);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['waiting', 'dead']);
    expect(to.runs).toEqual(['quitter 1', 'flaky 1', 'flaky 2']);
    expect(outcomes.at(-1)).toMatchObject({ error: { message: 'quitter: never' } });
  });

  it('waits until the earliest time that a handler asks for, and then runs no other before its own', async () => {
    const to = withHandlers({ soon: later(50), failing: fail });
    const job = take();
    const first = await to.run(job);
    if (first.outcome !== 'waiting') throw new Error(first.outcome);
    expect(first.dueMs).toBeLessThanOrEqual(50);
    const key = `${prefix}:{t-1}:e:${job.id}`;
    await client.hset(key, 'soon', (await client.hget(key, 'soon'))!.replace(/^(\w+\|\d+\|)\d+/, '$10'));
    const second = await to.run({ ...job, ...takenAgain() });
    expect(to.runs).toEqual(['soon 1', 'failing 1', 'soon 1']);
    expect(second.outcome).toBe('waiting');
  });

  it('uses an attempt only for a failure, not for a later try', async () => {
    let times = 0;
    const to = withHandlers({
      patient: (job, attempt) => (++times <= 5 ? later(10)(job, attempt, never) : { outcome: 'succeeded' }),
    });
    await runUntilEnd(to);
    expect(to.runs).toEqual(Array.from({ length: 6 }, () => 'patient 1'));
  });

  it('uses no attempt where the worker stops the handler', async () => {
    const to = withHandlers({ cut: () => ({ outcome: 'aborted', reason: 'shutdown' }) });
    const job = take();
    expect(await to.run(job)).toMatchObject({ outcome: 'waiting', dueMs: 0, error: undefined });
    await to.run({ ...job, ...takenAgain() });
    expect(to.runs).toEqual(['cut 1', 'cut 1']);
  });

  it('waits longer where the failure says so, never shorter', async () => {
    for (const [retryAfterMs, least] of [
      [60_000, 60_000],
      [1, 800],
    ] as const) {
      const to = withHandlers({ a: () => ({ outcome: 'failed', error: new Error('busy'), retryAfterMs }) });
      const ended = await to.run(take({ resourceId: `r-${retryAfterMs}` }));
      if (ended.outcome !== 'waiting') throw new Error(ended.outcome);
      expect(ended.dueMs).toBeGreaterThanOrEqual(least);
    }
  });

  it('that is due later and comes early goes back without running anything', async () => {
    const to = withHandlers({ a: fail });
    const job = take();
    await to.run(job);
    const early = await to.run({ ...job, ...takenAgain() });
    expect(early).toMatchObject({ outcome: 'waiting', runs: [], error: undefined });
    expect(to.delayed).toEqual([{ id: job.id, time: early.outcome === 'waiting' && early.dueAt }]);
    expect(to.runs).toEqual(['a 1']);
  });

  it('put back after it was a dead letter runs what had not succeeded, once, where its attempts are used up', async () => {
    const job = take();
    const to = withHandlers({ good: succeed, bad: fail });
    await runUntilEnd(to, job);
    expect((await to.run({ ...job, ...takenAgain() })).outcome).toBe('dead');
    expect(to.runs).toEqual(['good 1', 'bad 1', 'bad 2', 'bad 3', 'bad 4']);
  });

  it('whose worker was lost before BullMQ knew of it stays a dead letter, until it is put back', async () => {
    const job = take();
    const to = withHandlers({ good: succeed, quitter: giveUp });
    expect((await to.run(job)).outcome).toBe('dead');
    const found = { ...job, ...takenAgain(), stalls: 1 };
    expect(await to.run(found)).toMatchObject({ outcome: 'dead', error: { message: 'quitter: never' } });
    // The same once more, after a reply that got lost.
    expect((await to.run(found)).outcome).toBe('dead');
    expect(to.runs).toEqual(['good 1', 'quitter 1']);
    expect((await to.run({ ...job, ...takenAgain(), stalls: 1 })).outcome).toBe('dead');
    expect(to.runs).toEqual(['good 1', 'quitter 1', 'quitter 1']);
  });

  it('put back begins in the same way when it is asked twice, after a reply that got lost', async () => {
    const job = take();
    const to = withHandlers({ bad: giveUp });
    await to.run(job);
    const { event } = job.data;
    const handlers = [{ name: 'bad', latestOnly: false }];
    const same = { tenantId: event.tenantId, resourceId: event.resourceId, date: '2026', handlers };
    const again = { jobId: job.id, ...takenAgain(), ...same };
    const begun = { outcome: 'run', lost: 0, handlers: [{ name: 'bad', failures: 0 }] };
    expect(await gate.begin(again, 1_000, false)).toEqual(begun);
    expect(await gate.begin(again, 1_000, false)).toEqual(begun);
  });

  it('put back with its failures forgotten has all its attempts again', async () => {
    const job = take();
    const to = withHandlers({ good: succeed, bad: fail });
    await runUntilEnd(to, job);
    await gate.resetFailures('T-1', job.id);
    const outcomes = await runUntilEnd(to, job);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'dead']);
    expect(to.runs.slice(4)).toEqual(['bad 1', 'bad 2', 'bad 3']);
  });

  it('does not forget a handler that has failed where a worker without it takes the job', async () => {
    const job = take();
    const to = withHandlers({ a: succeed, added: fail });
    await to.run(job);
    await letTimePass(job, Date.now());
    const old = withHandlers({ a: succeed });
    const waiting = await old.run({ ...job, ...takenAgain() });
    // It says whom it waits for, and until when.
    expect(waiting).toMatchObject({
      outcome: 'waiting',
      runs: [],
      awaited: { name: 'added', until: expect.any(Number) },
    });
    expect(waiting.outcome === 'waiting' && waiting.awaited!.until - Date.now()).toBeGreaterThan(500_000);
    const mended = withHandlers({ a: succeed, added: succeed });
    expect((await mended.run({ ...job, ...takenAgain() })).outcome).toBe('handled');
    expect(mended.runs).toEqual(['added 2']);
    expect(old.runs).toEqual([]);
  });

  it('waits for a handler that has failed though the worker has run all that it has itself', async () => {
    const job = take();
    await withHandlers({ a: fail, added: fail }).run(job);
    await letTimePass(job, Date.now());
    const old = withHandlers({ a: succeed });
    expect((await old.run({ ...job, ...takenAgain() })).outcome).toBe('waiting');
    expect(await gate.read('t-1', job.id)).toEqual(
      expect.arrayContaining([
        { handler: 'a', state: 'ok' },
        expect.objectContaining({ handler: 'added', state: 'retry' }),
      ]),
    );
  });

  it.each([['another handler'], ['no handler at all']])(
    'whose failing handler is no longer there for long is a dead letter with its reason: %s',
    async (what) => {
      const job = take();
      await withHandlers({ gone: fail }).run(job);
      await letTimePass(job);
      const to = withHandlers(what === 'no handler at all' ? {} : { a: succeed });
      const outcomes = await runUntilEnd(to, job);
      expect(outcomes.at(-1)).toMatchObject({ outcome: 'dead', error: { message: 'gone: no luck' } });
      // Who puts it back does not wait for that handler any more.
      await gate.resetFailures('T-1', job.id);
      const again = await to.run({ ...job, ...takenAgain() });
      expect(again.outcome).toBe(what === 'no handler at all' ? 'unhandled' : 'duplicate');
      expect(await client.hgetall(`${prefix}:{t-1}:e:${job.id}`)).toEqual({ '@': 'done' });
      expect(await client.pttl(`${prefix}:{t-1}:e:${job.id}`)).toBeGreaterThan(0);
    },
  );

  it('keeps reasons and stacks within bounds', async () => {
    const huge = new Error('x'.repeat(100_000));
    huge.stack = 'y'.repeat(1_000_000);
    const job = take();
    await withHandlers({ a: () => ({ outcome: 'failed', error: huge, retryAfterMs: undefined }) }).run(job);
    expect(await client.hstrlen(`${prefix}:{t-1}:e:${job.id}`, 'a')).toBeLessThan(6_000);
  });
});

describe('what goes wrong around a handler', () => {
  it.each<[string, Behaviour, string]>([
    [
      'throws at once',
      () => {
        throw new TypeError('no such handler');
      },
      'no such handler',
    ],
    ['rejects with nothing', () => Promise.reject(), 'undefined'],
    ['fails with what is no error', () => failedWith(Symbol('odd')), 'Symbol(odd)'],
    ['fails with an error that throws', () => failedWith(throwing()), 'Error without a message that can be read'],
  ])('counts as one failed attempt where it %s', async (_what, behaviour, reason) => {
    const job = take();
    const to = withHandlers({ a: behaviour, b: succeed });
    expect((await runUntilEnd(to, job)).map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'dead']);
    expect(to.runs).toEqual(['a 1', 'b 1', 'a 2', 'a 3']);
    expect(await gate.read('t-1', job.id)).toContainEqual(
      expect.objectContaining({ handler: 'a', details: expect.objectContaining({ reason }) }),
    );
  });

  it('stays within bounds in the job, however many handlers fail', async () => {
    const huge = failedWith(new Error('x'.repeat(1_000_000)));
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`handler-${at}`, () => huge]));
    const ended = await withHandlers(many).run(take());
    if (ended.outcome !== 'waiting') throw new Error(ended.outcome);
    expect(ended.error!.message.length).toBeLessThan(5_000);
    expect(ended.error!.stack!.length).toBeLessThan(20_000);
  });
});

function failedWith(error: unknown): HandlerOutcome {
  return { outcome: 'failed', error: error as Error, retryAfterMs: undefined };
}

function throwing(): Error {
  return Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('it throws');
    },
  });
}

/** Two events of one resource at work: the lock of the first had ended when the second took it. */
async function overtaken() {
  const late = held();
  const [one, two] = [take({ dateUtc: '2026-01-01T00:00:00' }), take({ dateUtc: '2026-01-02T00:00:00' })];
  const first = withHandlers({ a: late.behaviour }).run(one);
  await late.started;
  await client.del(`${prefix}:{t-1}:lock:r-1`);
  const other = held();
  const second = withHandlers({ a: other.behaviour }).run(two);
  await other.started;
  return { one, two, late, other, first, second };
}

describe('a resource', () => {
  it('has one event at work at a time; the next waits, and is woken when the first ends', async () => {
    const first = held();
    const to = withHandlers({ a: first.behaviour });
    const [one, two] = [take({ dateUtc: '2026-01-01T00:00:00' }), take({ dateUtc: '2026-01-02T00:00:00' })];
    const ended = to.run(one);
    await first.started;
    const busy = await to.run(two);
    if (busy.outcome !== 'busy') throw new Error(busy.outcome);
    expect(busy.lockMs).toBeGreaterThan(0);
    expect(to.delayed).toEqual([{ id: two.id, time: expect.any(Number) }]);
    expect(to.delayed[0]!.time - Date.now()).toBeLessThanOrEqual(15_050);
    expect(to.woken).toEqual([]);
    first.end({ outcome: 'succeeded' });
    expect(await ended).toMatchObject({ outcome: 'handled', following: two.id });
    expect(to.woken).toEqual([two.id]);
  });

  it('gives turns to the one that has waited the longest', async () => {
    const first = held();
    const to = withHandlers({ a: first.behaviour });
    const jobs = [10, 30, 20].map((addedAt) => take({ dateUtc: `2026-01-01T00:00:${addedAt}`, addedAt }));
    const ended = to.run(jobs[0]!);
    await first.started;
    expect((await to.run(jobs[1]!)).outcome).toBe('busy');
    expect((await to.run(jobs[2]!)).outcome).toBe('busy');
    first.end({ outcome: 'succeeded' });
    await ended;
    expect(to.woken).toEqual([jobs[2]!.id]);
  });

  it('that is free again by the time that a job takes its turn wakes that job', async () => {
    const first = held();
    let ended: Promise<unknown> | undefined;
    const onDelay = async (): Promise<void> => {
      first.end({ outcome: 'succeeded' });
      await ended;
    };
    const to = withHandlers({ a: first.behaviour }, { onDelay });
    const [one, two] = [take({ dateUtc: '2026-01-01T00:00:00' }), take({ dateUtc: '2026-01-02T00:00:00' })];
    ended = to.run(one);
    await first.started;
    expect((await to.run(two)).outcome).toBe('busy');
    expect(to.woken).toEqual([two.id]);
  });

  it('of another organisation or with another id is not locked', async () => {
    const first = held();
    const to = withHandlers({
      a: (job, ...rest) =>
        job.data.event.resourceId === 'r-1' ? first.behaviour(job, ...rest) : { outcome: 'succeeded' },
    });
    const ended = to.run(take());
    await first.started;
    expect((await to.run(take({ resourceId: 'r-2' }))).outcome).toBe('handled');
    first.end({ outcome: 'succeeded' });
    await ended;
  });

  it('is left to whoever took its lock after it had ended, but the late success counts', async () => {
    const { one, two, late, other, first, second } = await overtaken();
    late.end({ outcome: 'succeeded' });
    expect((await first).outcome).toBe('handled');
    expect(await client.get(`${prefix}:{t-1}:lock:r-1`)).toBe(`${two.id}|${two.runNumber}|${two.runToken}`);
    expect((await withHandlers({ a: succeed }).run({ ...one, ...takenAgain() })).outcome).toBe('duplicate');
    other.end({ outcome: 'succeeded' });
    await second;
    expect(await client.exists(`${prefix}:{t-1}:lock:r-1`)).toBe(0);
  });

  it('is not given to an earlier run of the job that has begun again elsewhere', async () => {
    const job = take();
    const [earlier, newer] = [
      { ...job, ...takenAgain() },
      { ...job, ...takenAgain() },
    ];
    const working = held();
    const to = withHandlers({ a: working.behaviour });
    const second = to.run(newer);
    await working.started;
    await expect(to.run(earlier)).rejects.toMatchObject({ code: -1 });
    expect(to.runs).toEqual(['a 1']);
    expect(await client.get(`${prefix}:{t-1}:lock:r-1`)).toBe(`${job.id}|${newer.runNumber}|${newer.runToken}`);
    expect((await withHandlers({ a: succeed }).run(take({ dateUtc: '2026-01-02T00:00:00' }))).outcome).toBe('busy');
    working.end({ outcome: 'failed', error: new Error('no luck'), retryAfterMs: 60_000 });
    expect(await second).toMatchObject({ outcome: 'waiting', error: { message: 'a: no luck' } });
    expect(await gate.read('t-1', job.id)).toMatchObject([{ handler: 'a', state: 'retry', failures: 1 }]);
  });

  it.each([
    ['handled', { a: succeed }, 'duplicate'],
    ['waiting', { a: succeed, b: fail }, 'waiting'],
    ['dead', { a: succeed, b: giveUp }, 'dead'],
  ] as const)(
    'that a lost run of the job has locked is free once the job is %s',
    async (_what, behaviours, outcome) => {
      const job = take();
      await withHandlers(behaviours).run(job);
      await client.set(`${prefix}:{t-1}:lock:r-1`, `${job.id}|${job.runNumber}|${job.runToken}`);
      const again = { ...job, ...takenAgain(), stalls: 1 };
      expect((await withHandlers(behaviours).run(again)).outcome).toBe(outcome);
      expect(await client.exists(`${prefix}:{t-1}:lock:r-1`)).toBe(0);
    },
  );

  it('that a release before this one has locked is taken over by the next run of the job', async () => {
    const job = take();
    await client.set(`${prefix}:{t-1}:lock:r-1`, `${job.id}|4cfa2b1e-0f1c-4b8e-9a5e-0c9d3f2a1b00:7`);
    expect((await withHandlers({ a: succeed }).run(job)).outcome).toBe('handled');
    expect(await client.exists(`${prefix}:{t-1}:lock:r-1`)).toBe(0);
  });

  it('whose lock was lost uses no attempt for a late failure', async () => {
    const { one, late, other, first, second } = await overtaken();
    late.end({ outcome: 'failed', error: new Error('late'), retryAfterMs: undefined });
    await first;
    other.end({ outcome: 'succeeded' });
    await second;
    const again = withHandlers({ a: succeed });
    await again.run({ ...one, ...takenAgain() });
    expect(again.runs).toEqual(['a 1']);
  });
});

describe('a latestOnly handler', () => {
  it('skips an event older than the newest that it has handled, whatever the form of the dates', async () => {
    const to = withHandlers({ latest: { latestOnly: true, run: succeed } });
    await to.run(take({ dateUtc: '2026-01-02T00:00:00.1' }));
    expect((await to.run(take({ dateUtc: '2026-01-02T00:00:00.0999999Z' }))).outcome).toBe('duplicate');
    expect((await to.run(take({ dateUtc: '2026-01-02T00:00:00.1000001' }))).outcome).toBe('handled');
    expect(to.runs).toHaveLength(2);
  });

  it('never swallows what another handler has still to do', async () => {
    const to = withHandlers({ latest: { latestOnly: true, run: succeed }, every: succeed });
    await to.run(take({ dateUtc: '2026-01-02T00:00:00' }));
    expect((await to.run(take({ dateUtc: '2026-01-01T00:00:00' }))).outcome).toBe('handled');
    expect(to.runs.toSorted()).toEqual(['every 1', 'every 1', 'latest 1']);
  });

  it('has a memory of its own: a newer event that failed does not count', async () => {
    const to = withHandlers({
      latest: {
        latestOnly: true,
        run: (job) => (job.data.event.eventDateUtc.includes('-02T') ? giveUp(job, 1, never) : { outcome: 'succeeded' }),
      },
    });
    await to.run(take({ dateUtc: '2026-01-02T00:00:00' }));
    expect((await to.run(take({ dateUtc: '2026-01-01T00:00:00' }))).outcome).toBe('handled');
  });

  it('runs an event of the same date', async () => {
    const to = withHandlers({ latest: { latestOnly: true, run: succeed } });
    await to.run(take({ dateUtc: '2026-01-01T00:00:00' }));
    expect((await to.run(take({ dateUtc: '2026-01-01T00:00:00.000' }))).outcome).toBe('handled');
  });

  it('leaves a memory with a lifetime', async () => {
    await withHandlers({ latest: { latestOnly: true, run: succeed } }).run(take());
    expect(await client.pttl(`${prefix}:{t-1}:newest:r-1`)).toBeGreaterThan(0);
  });
});

describe('the same call once more, after a reply got lost,', () => {
  it('neither runs nor settles anything twice', async () => {
    const job = take();
    const repeated: Gate = {
      ...gate,
      begin: async (...args) => {
        await gate.begin(...args);
        return gate.begin(...args);
      },
      finish: async (...args) => {
        await gate.finish(...args);
        return gate.finish(...args);
      },
    };
    const to = withHandlers({ a: succeed, b: succeed }, { gate: repeated });
    expect((await to.run(job)).outcome).toBe('handled');
    expect(to.runs).toEqual(['a 1', 'b 1']);
    expect(await client.hgetall(`${prefix}:{t-1}:e:${job.id}`)).toEqual({ '@': 'done' });

    const failing = withHandlers({ a: succeed, b: fail }, { gate: repeated });
    const other = take({ resourceId: 'r-2' });
    const ended = await failing.run(other);
    expect(ended).toMatchObject({ outcome: 'waiting' });
    expect(await gate.read('t-1', other.id)).toContainEqual(
      expect.objectContaining({ handler: 'b', state: 'retry', failures: 1 }),
    );
  });
});

describeWithRedisBinary('while Redis refuses what it is asked to write', () => {
  /** A gate on a Redis that can be told to refuse. */
  async function refusable() {
    const own = await ownRedis();
    const looking = own.client();
    const allow = (replicas: number): Promise<unknown> => looking.config('SET', 'min-replicas-to-write', replicas);
    return {
      gate: createGate({ client: own.client(), prefix, cluster: false, rememberMs: 60_000 }),
      looking,
      refuse: () => allow(1),
      accept: () => allow(0),
      refused: () =>
        until(async () => (await looking.info('errorstats')).includes('errorstat_NOREPLICAS'), 'Redis to refuse'),
    };
  }

  it('a success that is not recorded does not end the attempt of the other handlers', async () => {
    const { gate: own, looking, refuse, accept, refused } = await refusable();
    const [quick, slow] = [held(), held()];
    const job = take();
    const ended = withHandlers({ quick: quick.behaviour, slow: slow.behaviour }, { gate: own }).run(job);
    await Promise.all([quick.started, slow.started]);
    await refuse();
    quick.end({ outcome: 'succeeded' });
    await refused();
    await accept();
    slow.end({ outcome: 'gave-up', error: new Error('never') });
    expect(await ended).toMatchObject({ outcome: 'dead', error: { message: 'slow: never' } });
    expect(await looking.hgetall(`${prefix}:{t-1}:e:${job.id}`)).toMatchObject({ quick: '+' });
  });

  it('what handlers have come to is told again until it is accepted', async () => {
    const { gate: own, refuse, accept, refused } = await refusable();
    const working = held();
    const to = withHandlers({ a: working.behaviour }, { gate: own });
    const ended = to.run(take());
    await working.started;
    await refuse();
    working.end({ outcome: 'succeeded' });
    await refused();
    await accept();
    expect((await ended).outcome).toBe('handled');
    expect((await to.run(take())).outcome).toBe('duplicate');
  });

  it('what handlers have come to is told no more once the job is lost', async () => {
    const { gate: own, refuse, refused } = await refusable();
    const working = held();
    const lost = new AbortController();
    const ended = withHandlers({ a: working.behaviour }, { gate: own }).run(take(), lost.signal);
    await working.started;
    await refuse();
    working.end({ outcome: 'succeeded' });
    await refused();
    lost.abort();
    await expect(ended).rejects.toThrow('NOREPLICAS');
  });
});
