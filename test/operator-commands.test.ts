import { describe, expect, it } from 'vitest';
import { operatedSystem } from './support/operated-system.ts';

const BAD = Array.from({ length: 30 }, (_, number) => `bad-${number}`);

describe('xw failed', () => {
  it('lists dead letters, shows one, and retries those that a filter chooses', async () => {
    const { worker, send, reach, mend, handled, handle, xw } = await operatedSystem();
    await worker();
    await send(BAD);
    await send(['bad-contact'], { category: 'contact', tenantId: 't-2' });
    await reach('failed', 31);

    const list = await xw('failed', 'list', '--event', 'contact.updated');
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toMatch(
      /^failed at +event +resource +reason +key\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}contact\.updated {2}bad-contact {2}sync: the books are closed {2}x\S{27}\n\n1 dead letter\n/,
    );
    expect((await xw('failed', 'list', '--group', 'tenant')).stdout).toMatch(
      /^count +latest +tenant\n +30 {2}\d{4}-\S+ \S+ {2}t-1\n +1 {2}\d{4}-\S+ \S+ {2}t-2\n\n31 dead letters\n/,
    );
    expect(JSON.parse((await xw('failed', 'list', '--group', 'reason', '--json')).stdout)).toMatchObject({
      count: 31,
      groups: [{ value: 'sync: the books are closed', count: 31 }],
    });
    const json = JSON.parse((await xw('failed', 'list', '--tenant', 'T-2', '--json')).stdout) as {
      events: { key: string }[];
    };
    expect(json).toMatchObject({
      count: 1,
      events: [
        {
          event: 'contact.updated',
          tenantId: 't-2',
          resourceId: 'bad-contact',
          reason: 'sync: the books are closed',
          handlers: expect.arrayContaining([
            expect.objectContaining({ handler: 'sync', state: 'dead', failures: 2 }),
            { handler: 'wait', state: 'succeeded' },
          ]),
        },
      ],
    });
    const [{ key }] = json.events as [{ key: string }];
    const show = await xw('failed', 'show', key);
    expect(show.stdout).toContain('sync  failed 2 times, is not tried again\n    Error: the books are closed\n');
    expect(show.stdout).toContain('wait  succeeded');

    const dry = await xw('failed', 'retry', '--event', 'invoice.updated', '--dry-run');
    expect(dry).toEqual({ code: 0, stdout: 'would retry 30 dead letters\n', stderr: '' });
    const unsure = await xw('failed', 'retry', '--event', 'invoice.updated');
    expect(unsure).toEqual({ code: 1, stdout: '30 dead letters match: add --yes to retry them\n', stderr: '' });
    await reach('failed', 31);

    mend();
    const before = handled().length;
    const retried = await xw('failed', 'retry', '--event', 'invoice.updated', '--yes', '--json');
    expect(JSON.parse(retried.stdout)).toEqual({ matched: 30, acted: true, done: 30, absent: 0, failed: 0 });
    await handle(before + 30);
    await reach('failed', 1);
    // The handler that had succeeded did not run again, and attempts began anew.
    expect(
      new Set(
        handled()
          .slice(before)
          .map((line) => line.split(' ')[0]),
      ),
    ).toEqual(new Set(['sync']));
    expect(await xw('failed', 'retry', key)).toMatchObject({ code: 0, stdout: 'retried 1 of 1 dead letter\n' });
    await reach('failed', 0);
    expect(await xw('failed', 'list')).toMatchObject({ code: 0, stdout: 'no dead letters match\n' });
  });

  it('drops dead letters for good, and leaves a trace of who did', async () => {
    const { worker, send, reach, client, prefix, handled, mend, xw } = await operatedSystem();
    await worker();
    await send(['bad-1', 'bad-2']);
    await reach('failed', 2);
    mend();
    const dropped = await xw('failed', 'drop', '--reason', 'BOOKS', '--yes', '--by', 'ann');
    expect(dropped).toMatchObject({ code: 0, stdout: 'dropped 2 of 2 dead letters\n' });
    await reach('failed', 0);
    const [operation] = await client.lrange(`${prefix}:{operations}`, 0, -1);
    expect(JSON.parse(operation!)).toMatchObject({
      by: 'ann',
      action: 'drop dead letters',
      filter: 'reason BOOKS',
      count: 2,
    });
    // Xero sends them again: they are ended.
    const before = handled().length;
    await send(['bad-1', 'bad-2', 'good']);
    await reach('completed', 3);
    expect(handled().slice(before)).toHaveLength(2);
  });

  it('says what there is for a key that is none', async () => {
    const { xw } = await operatedSystem();
    const { code, stdout, stderr } = await xw('failed', 'show', 'x1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^xw: there is no dead letter x1: "xw failed list" shows what there is \[XW_NO_EVENT\]/);
  });

  it('is done by two at once without an error', async () => {
    const { worker, send, reach, mend, handled, xw } = await operatedSystem();
    await worker();
    await send(BAD);
    await reach('failed', 30);
    mend();
    const before = handled().length;
    const both = await Promise.all([
      xw('failed', 'retry', '--yes', '--json'),
      xw('failed', 'retry', '--yes', '--json'),
    ]);
    const results = both.map(({ stdout }) => JSON.parse(stdout) as { done?: number });
    expect(results.reduce((sum, { done = 0 }) => sum + done, 0)).toBe(30);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    await reach('failed', 0);
    await reach('completed', 30);
    expect(handled().slice(before)).toHaveLength(30);
  });
});

describe('xw delayed', () => {
  it('lists what runs again later and why, and runs it now', async () => {
    const { worker, send, reach, mend, handled, handle, xw } = await operatedSystem();
    await worker();
    await send(['later-1', 'later-2']);
    await reach('delayed', 2);
    const list = await xw('delayed', 'list');
    expect(list.stdout).toMatch(
      /^runs again +event +resource +reason +key\nin (60 min|1 h) +invoice\.updated {2}later-\d +wait: not before the month ends {2}x/,
    );
    mend();
    const before = handled().length;
    expect(await xw('delayed', 'run', '--yes')).toMatchObject({ code: 0, stdout: 'set going 2 of 2 delayed events\n' });
    await handle(before + 2);
    await reach('completed', 2);
    expect(await xw('delayed', 'list', '--json')).toMatchObject({ stdout: '{\n  "count": 0,\n  "events": []\n}\n' });
  });
});

describe('xw quarantine', () => {
  it('lists, shows, replays and drops what could not be read', async () => {
    const { sendBody, reach, worker, xw } = await operatedSystem();
    const good =
      '{"resourceId":"r-1","tenantId":"t-1","tenantType":"ORGANISATION","eventCategory":"INVOICE","eventType":"UPDATE","eventDateUtc":"2026-01-01T00:00:00"}';
    expect((await sendBody(Buffer.from(`{"events":[${good},{"resourceId":"\\u001b[2J"}]}`))).status).toBe(200);
    expect((await sendBody(Buffer.from('not json \u001B[2J'))).status).toBe(400);
    await worker();
    await reach('completed', 1);

    const list = await xw('quarantine', 'list');
    expect(list.stdout).toMatch(/^received +bytes +times +cause +detail +id\n/);
    expect(list.stdout).toContain('not-json');
    expect(list.stdout).toContain('unreadable-events');
    const { bodies } = JSON.parse((await xw('quarantine', 'list', '--json')).stdout) as {
      bodies: { id: string; cause: string }[];
    };
    const id = bodies.find(({ cause }) => cause === 'not-json')!.id;
    const show = await xw('quarantine', 'show', id.slice(0, 8));
    expect(show.stdout).toContain('not json \uFFFD[2J');
    expect((await xw('quarantine', 'show', id, '--raw')).stdout).toBe('not json \u001B[2J');

    const replayed = await xw('quarantine', 'replay', '--yes');
    expect(replayed).toMatchObject({ code: 0, stdout: 'replayed 2 of 2 bodies (events: 1, unreadable: 2)\n' });
    expect(await xw('quarantine', 'drop', id.slice(0, 8))).toMatchObject({ stdout: 'dropped 1 of 1 body\n', code: 0 });
    expect(JSON.parse((await xw('quarantine', 'list', '--json')).stdout)).toMatchObject({ bodies: [{ times: 1 }] });
    expect(await xw('quarantine', 'show', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('XW_NO_BODY'),
    });
  });
});
