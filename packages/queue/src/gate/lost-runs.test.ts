import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import type { Gate } from './gate.ts';
import { createGate } from './gate.ts';
import type { Begin, Blame, GateEvent } from './protocol.ts';

const SYNC = { name: 'sync', latestOnly: false };
const UNKNOWN: Blame = { blame: 'unknown', cause: 'its event loop stood still for 35 s' };
const OWN: Blame = { blame: 'own', cause: 'handler sync ended it with exit code 3' };
const OTHER: Blame = { blame: 'other', cause: '' };

let client: Redis;
let prefix: string;
let gate: Gate;
let jobs = 0;

beforeEach(() => {
  client = testClient();
  prefix = testPrefix();
  gate = createGate({ client, prefix, cluster: false, rememberMs: 60_000 });
});

/** A job that goes from worker to worker. */
function job() {
  jobs++;
  const same = { jobId: `x${jobs}`, tenantId: 't-1', resourceId: `r-${jobs}`, date: '2026', handlers: [SYNC] };
  let runNumber = 0;
  let stalls = 0;
  let event: GateEvent;
  const take = (): GateEvent => {
    runNumber++;
    event = { ...same, runToken: `token-${runNumber}`, runNumber, stalls };
    return event;
  };
  return {
    id: same.jobId,
    /** A worker takes it and begins. */
    begin: (alone = false): Promise<Begin> => gate.begin(take(), 60_000, alone),
    /** The same, and where it is too early, once more when the time has come. */
    async beginInTime(): Promise<Begin> {
      const began = await this.begin();
      if (began.outcome !== 'early') return began;
      await this.passTime();
      return this.begin();
    },
    /** The same worker asks once more, when nothing else runs. */
    beginAlone: (): Promise<Begin> => gate.begin(event, 60_000, true),
    /** A worker takes it, and has other things to do before. */
    takeOnly: () => void take(),
    /** Its process says something before it is gone. */
    say: (blame: Blame, of = runNumber) => gate.lastWords({ tenantId: 't-1', jobId: same.jobId, runNumber: of }, blame),
    /** BullMQ finds it without its worker. */
    lose: () => void stalls++,
    fail: (blame?: Blame) =>
      gate.finish(
        event,
        [{ handler: SYNC, state: 'retry', delayMs: 0, failures: 1, details: { reason: 'no luck' } }],
        blame,
      ),
    stop: (blame: Blame) => gate.finish(event, [], blame),
    succeed: () => gate.finish(event, [{ handler: SYNC, state: 'ok' }]),
    /** Nothing waits for half a minute in a test. */
    async passTime() {
      const key = `${prefix}:{t-1}:e:${same.jobId}`;
      const record = (await client.hget(key, '!'))?.split('|');
      if (record) await client.hset(key, '!', record.with(6, '0').join('|'));
    },
  };
}

type TestJob = ReturnType<typeof job>;

/** It began, and its process was lost, perhaps with a last word. */
async function lostJob(words?: Blame): Promise<TestJob> {
  const lost = job();
  await lost.begin();
  if (words) await lost.say(words);
  lost.lose();
  return lost;
}

/** Its run was stopped before its process was lost. */
async function stoppedAndLostJob(blame: Blame): Promise<TestJob> {
  const lost = job();
  await lost.begin();
  await lost.stop(blame);
  lost.lose();
  return lost;
}

/** It was lost once in company and twice alone. */
async function deadJob(): Promise<TestJob> {
  const doomed = await lostJob();
  await loseAlone(doomed);
  await loseAlone(doomed);
  expect((await doomed.begin()).outcome).toBe('dead');
  return doomed;
}

/** It runs alone, and its process is lost with it. */
async function loseAlone(doomed: TestJob, words?: Blame): Promise<void> {
  expect((await doomed.beginInTime()).outcome).toBe('suspect');
  expect((await doomed.beginAlone()).outcome).toBe('run');
  if (words) await doomed.say(words);
  doomed.lose();
}

describe('an event whose process was lost', () => {
  it('runs again only with nothing beside it, and knows how many runs were lost', async () => {
    const one = job();
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 0 });
    one.lose();
    expect(await one.begin()).toMatchObject({ outcome: 'suspect', lost: 1 });
    expect(await one.beginAlone()).toMatchObject({ outcome: 'run', lost: 1 });
    expect(await one.succeed()).toMatchObject({ outcome: 'settled' });
  });

  it('is a dead letter after three runs, of which nothing else can have ended the last two', async () => {
    const one = await deadJob();
    const [entry] = await gate.read('t-1', one.id);
    expect(entry).toMatchObject({ handler: 'sync', state: 'dead' });
    expect(entry).toHaveProperty('details.reason', expect.stringContaining('ended its process 3 times'));
  });

  it('waits for a while after a run that was lost alone, so that a deploy that kills is over', async () => {
    const one = await lostJob();
    await loseAlone(one);
    const next = await one.begin();
    expect(next.outcome).toBe('early');
    expect((next as { dueMs: number }).dueMs).toBeGreaterThan(20_000);
  });

  it('is no dead letter however often it is lost in company', async () => {
    const one = job();
    for (let times = 0; times < 10; times++) {
      const began = await one.beginInTime();
      // Another worker, that ran something else when it took it, was killed too before it could begin.
      if (began.outcome === 'suspect') one.lose();
      else {
        expect(began.outcome).toBe('run');
        one.lose();
      }
    }
    expect((await one.beginInTime()).outcome).toBe('suspect');
  });

  it('is nobody’s suspect where its process blamed another one', async () => {
    const one = await lostJob(OTHER);
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 0 });
  });

  it('is a dead letter after three runs where its process blamed it each time, and names the cause', async () => {
    const one = await lostJob(OWN);
    await loseAlone(one, OWN);
    await loseAlone(one, OWN);
    expect((await one.begin()).outcome).toBe('dead');
    const [entry] = await gate.read('t-1', one.id);
    expect(entry).toHaveProperty('details.reason', `ended its process 3 times: ${OWN.cause}`);
  });

  it('names the cause that one of its processes gave, also where the others ended without a word', async () => {
    const one = await lostJob(OWN);
    await loseAlone(one);
    await loseAlone(one);
    expect((await one.beginInTime()).outcome).toBe('dead');
    const [entry] = await gate.read('t-1', one.id);
    expect(entry).toHaveProperty('details.reason', `ended its process 3 times: ${OWN.cause}`);
  });

  it('counts a run whose process blamed it and handed it back', async () => {
    const one = job();
    for (let times = 0; times < 3; times++) {
      const began = await one.beginInTime();
      if (began.outcome === 'suspect') await one.beginAlone();
      expect(await one.stop(OWN)).toMatchObject({ outcome: 'waiting' });
    }
    expect((await one.beginInTime()).outcome).toBe('dead');
  });

  it('counts a run also where the next worker was lost before it could begin', async () => {
    const one = await lostJob();
    await loseAlone(one, UNKNOWN);
    one.takeOnly();
    one.lose();
    await one.beginInTime();
    expect(await one.beginInTime()).toMatchObject({ outcome: 'suspect', lost: 2, cause: UNKNOWN.cause });
  });

  it('keeps what a later run has said, though the process of an earlier one speaks again', async () => {
    const one = await lostJob();
    expect((await one.begin()).outcome).toBe('suspect');
    await one.beginAlone();
    await one.say(OWN);
    await one.say(UNKNOWN, 1);
    one.lose();
    await one.begin();
    expect(await one.beginInTime()).toMatchObject({ outcome: 'suspect', lost: 2, cause: OWN.cause });
  });

  it('counts a run that was stopped because its process stood still', async () => {
    const one = await stoppedAndLostJob(UNKNOWN);
    expect(await one.begin()).toMatchObject({ outcome: 'suspect', lost: 1, cause: UNKNOWN.cause });
  });

  it('does not count a run that was stopped because Redis was away', async () => {
    const one = await stoppedAndLostJob(OTHER);
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 0 });
  });

  it('is free of suspicion once it ran alone to its end', async () => {
    const one = await lostJob();
    await one.begin();
    await one.beginAlone();
    expect(await one.fail()).toMatchObject({ outcome: 'waiting' });
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 1 });
  });

  it('stays a suspect where the run alone was stopped', async () => {
    const one = await lostJob();
    await one.begin();
    await one.beginAlone();
    await one.stop(OTHER);
    expect((await one.begin()).outcome).toBe('suspect');
  });

  it('has all its lost runs forgotten when it is put back from the dead letters', async () => {
    const one = await deadJob();
    await gate.resetFailures('t-1', one.id);
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 0, handlers: [{ name: 'sync', failures: 0 }] });
    one.lose();
    expect(await one.begin()).toMatchObject({ outcome: 'suspect', lost: 1 });
  });

  it('has them forgotten too where somebody else has put it back', async () => {
    const one = await deadJob();
    expect(await one.begin()).toMatchObject({ outcome: 'run', lost: 0 });
  });

  it('leaves nothing behind once it is handled', async () => {
    const one = await lostJob(UNKNOWN);
    await one.begin();
    await one.beginAlone();
    await one.succeed();
    await one.say(UNKNOWN);
    expect(await client.hgetall(`${prefix}:{t-1}:e:${one.id}`)).toEqual({ '@': 'done' });
    expect(await client.pttl(`${prefix}:{t-1}:e:${one.id}`)).toBeGreaterThan(0);
  });

  it('begins in the same way when it is asked twice, after a reply that got lost', async () => {
    const one = await lostJob();
    const suspect = await one.begin();
    expect(await one.beginAlone()).toEqual(await one.beginAlone());
    expect(suspect).toMatchObject({ lost: 1 });
    one.lose();
    await one.passTime();
    expect(await one.begin()).toMatchObject({ outcome: 'early' });
    await one.passTime();
    expect(await one.begin()).toMatchObject({ outcome: 'suspect', lost: 2 });
  });
});
