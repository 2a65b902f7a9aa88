import { until } from '@xero-webhooks/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { operatedSystem } from './support/operated-system.ts';
import { startXw } from './support/run-xw.ts';

type Found = {
  events: { key: string; name: string; resourceId: string; state: string; timeline: object[] }[];
  more: boolean;
};

describe('xw events', () => {
  it('says what happened to an event: received, tried, failed, retried, handled', async () => {
    const { worker, send, reach, mend, xw } = await operatedSystem();
    const find = async (...args: string[]): Promise<Found['events']> => {
      const { stdout, stderr } = await xw('events', ...args, '--json');
      expect(stderr).toBe('');
      return (JSON.parse(stdout) as Found).events;
    };
    // No worker has had it yet.
    await send(['bad-1', 'good-1']);
    expect(await find('BAD-1')).toMatchObject([
      { name: 'invoice.updated', resourceId: 'bad-1', tenantId: 't-1', state: 'received', timeline: [] },
    ]);

    await worker();
    await reach('failed', 1);
    await reach('completed', 1);
    const [dead] = await find('bad-1');
    expect(dead).toMatchObject({ state: 'dead', source: 'webhook' });
    expect(dead!.timeline).toMatchObject([
      { kind: 'attempt', handler: 'sync', attempt: 1, outcome: 'failed', reason: 'the books are closed' },
      { kind: 'attempt', handler: 'wait', attempt: 1, outcome: 'succeeded' },
      { kind: 'state', state: 'waiting' },
      { kind: 'attempt', handler: 'sync', attempt: 2, outcome: 'failed' },
      { kind: 'state', state: 'dead' },
    ]);
    expect(await find('--outcome', 'dead')).toEqual([dead]);
    expect(await find('--outcome', 'handled')).toMatchObject([{ resourceId: 'good-1' }]);
    expect(await find(dead!.key)).toEqual([dead]);
    expect(await find('T-1')).toHaveLength(2);
    expect(await find('--event', 'contact.updated')).toEqual([]);

    mend();
    await xw('failed', 'retry', dead!.key, '--by', 'ann');
    await reach('completed', 2);
    const [handled] = await find('bad-1');
    expect(handled!.state).toBe('handled');
    expect(handled!.timeline.slice(5)).toMatchObject([
      { kind: 'action', action: 'retried', by: 'ann' },
      { kind: 'attempt', handler: 'sync', attempt: 1, outcome: 'succeeded' },
      { kind: 'state', state: 'handled' },
    ]);

    const { stdout } = await xw('events', 'bad-1');
    expect(stdout.split('\n').map((line) => line.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME'))).toEqual([
      'invoice.updated of bad-1: handled',
      expect.stringMatching(/^ {2}organisation t-1 {3}key x\S+ {3}changed 2026-01-01T00:00:00$/),
      expect.stringMatching(/^ {2}TIME {2}received by webhook, delivery \S+$/),
      expect.stringMatching(
        /^ {2}TIME {2}sync {2}attempt 1 failed after \d+ ms on \S+, again in \d+ ms: the books are closed$/,
      ),
      expect.stringMatching(/^ {2}TIME {2}wait {2}attempt 1 succeeded after \d+ ms on \S+$/),
      expect.stringMatching(/^ {2}TIME {2}waits until TIME$/),
      expect.stringMatching(/^ {2}TIME {2}sync {2}attempt 2 failed after \d+ ms on \S+: the books are closed$/),
      '  TIME  dead letter: no handler is tried again',
      '  TIME  retried by ann',
      expect.stringMatching(/^ {2}TIME {2}sync {2}attempt 1 succeeded after \d+ ms on \S+$/),
      '  TIME  handled',
      '',
    ]);
    expect(await xw('events', 'unknown')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^nothing is on record of unknown\n/),
    });
  });

  it('lists what waits and why', async () => {
    const { worker, send, reach, xw } = await operatedSystem();
    await worker();
    await send(['later-1', 'good-1']);
    await reach('delayed', 1);
    await reach('completed', 1);
    const { stdout } = await xw('events');
    expect(stdout).toMatch(
      / invoice\.updated +later-1 +delayed +wait asked for a later try, again in (60 min|1 h): not be/,
    );
    expect(stdout).toMatch(/ invoice\.updated +good-1 +handled +wait succeeded\n/);
  });

  it('follows new events until it is interrupted', async () => {
    const { prefix, worker, send } = await operatedSystem();
    await worker();
    const follow = startXw(['events', '--follow', '--json'], { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix });
    onTestFinished(() => void follow.child.kill('SIGKILL'));
    await send(['good-1']);
    await until(() => follow.stdout().includes('"handled"'), 'the event to be shown');
    await send(['good-2']);
    await until(() => follow.stdout().includes('good-2'), 'the next event to be shown');
    follow.child.kill('SIGINT');
    expect(await follow.ended).toBe(0);
  });

  it('has nothing where the record is off', async () => {
    const { worker, send, reach, client, prefix, xw } = await operatedSystem({ RECORD: 'off' });
    await send(['good-1']);
    await worker();
    await reach('completed', 1);
    expect(await xw('events')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no events match\n/) });
    expect((await client.keys(`${prefix}:*`)).filter((key) => /:r[:-]|\{record\}/.test(key))).toEqual([]);
  });
});
