import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { allOfRedis, describeWithRealRedis, testClient } from '@xero-webhooks/testing';
import { expect, inject, it } from 'vitest';
import { operatedSystem } from './support/operated-system.ts';
import { runXw } from './support/run-xw.ts';
import { startBoard } from './support/system.ts';
import { visitor } from './support/visitor.ts';
import { enqueueChanges, organisations, xeroSystem } from './support/xero-system.ts';

const KEY = Buffer.alloc(32, 'a key').toString('base64');

/** A system where a user has connected two organisations on the board. */
async function connectedSystem() {
  const system = await xeroSystem({ organisations: organisations(2) });
  const environment = { ...system.xero.environment, TOKEN_ENCRYPTION_KEY: KEY };
  const board = await startBoard(system.prefix, environment);
  const guest = visitor(board.url);
  const atXero = await guest.get((await guest.get('/connect/start')).location!);
  expect((await guest.get(atXero.location!)).location).toBe('/connect?notice=connected');
  const redis = { REDIS_URL: inject('redis').url, REDIS_PREFIX: system.prefix };
  return {
    ...system,
    environment,
    tenantIds: system.xero.organisations.map(({ tenantId }) => tenantId),
    xw: (args: string[], more: Record<string, string> = environment) =>
      runXw(['tenants', ...args], { ...redis, ...more }),
    startWorker: () => system.startWorkers(1, { ...environment, XERO_TOKEN_URL: '', XERO_TOKEN_SECRET: '' }),
  };
}

describeWithRealRedis('xw tenants list', () => {
  it('shows who is connected, what was read today, and who may not call', async () => {
    const system = await connectedSystem();
    const { xw, tenantIds, prefix } = system;
    const [first, second] = tenantIds as [string, string];
    await system.startWorker();
    await enqueueChanges(system, 'payment', [first, first]);
    await system.untilRead(2);
    const until = Date.now() + 600_000;
    await testClient().hset(`${prefix}:{${second}}:xero:limits`, { blockedUntil: until, blockedBy: 'day' });

    const { code, stdout, stderr } = await xw(['list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^name +id +access +last event +calls today +left +may call$/);
    expect(lines[1]).toMatch(new RegExp(`^Organisation 1 +${first} +live +\\d{4}-\\d\\d-\\d\\d \\S+ +2 +\\d+  now$`));
    expect(lines[2]).toMatch(new RegExp(`^Organisation 2 +${second} +live +- +0 +in 10 min \\(day limit\\)$`));
    const json = JSON.parse((await xw(['list', '--json'], {})).stdout) as object;
    expect(json).toMatchObject({
      organisations: [
        { tenantId: first, token: 'unchecked', callsToday: 2, blockedUntil: null },
        { tenantId: second, token: 'unchecked', blockedBy: 'day', blockedUntil: new Date(until).toISOString() },
      ],
    });
  });

  it('says what is wrong with the access of one, and how to mend it', async () => {
    const { xw, prefix } = await connectedSystem();
    const client = testClient();
    const [key] = await client.keys(`${prefix}:{grant-*}:set`);
    await client.hset(key!, { state: 'dead', reason: 'invalid_grant' });
    const { stdout } = await xw(['list']);
    expect(stdout).toContain('Organisation 1: Xero no longer renews its access (invalid_grant)');
    expect(stdout).toContain('connect them again on the board, at /connect');
  });

  it('shows organisations whose tokens come from elsewhere, once they had an event', async () => {
    const { worker, send, reach, xw } = await operatedSystem();
    expect(await xw('tenants', 'list')).toMatchObject({
      stdout: 'no organisation is connected, and no event of one is on record\n',
    });
    await worker();
    await send(['r-1'], { tenantId: 'T-9' });
    await reach('completed', 1);
    expect((await xw('tenants', 'list')).stdout).toMatch(/\n- +t-9 +not connected here +\d{4}-/);
  });
});

describeWithRealRedis('xw tenants disconnect', () => {
  it('disconnects one at Xero by its name, and says what is left', async () => {
    const { xw, tenantIds, prefix } = await connectedSystem();
    expect(await xw(['disconnect', 'organisation 1', '--by', 'ann'])).toEqual({
      code: 0,
      stdout: `disconnected Organisation 1 (${tenantIds[0]})\nwhat is stored of it stays: "xw tenants forget ${tenantIds[0]}" erases it\n`,
      stderr: '',
    });
    expect((await xw(['list'])).stdout).not.toContain('Organisation 1');
    const [operation] = await testClient().lrange(`${prefix}:{operations}`, 0, -1);
    expect(JSON.parse(operation!)).toMatchObject({ by: 'ann', action: 'disconnect an organisation' });
    expect(await xw(['disconnect', 'organisation 1'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^xw: no organisation organisation 1 is connected: .* \[XW_NO_TENANT\]/),
    });
    const last = await xw(['disconnect', tenantIds[1]!, '--json']);
    expect(JSON.parse(last.stdout)).toEqual({ tenantId: tenantIds[1], name: 'Organisation 2', told: true });
  });

  it('says what it needs to do so', async () => {
    const { xw } = await connectedSystem();
    expect(await xw(['disconnect', 'Organisation 1'], {})).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('XERO_CLIENT_ID is not set: set what the board has'),
    });
  });
});

describeWithRealRedis('xw tenants forget', () => {
  it('erases all of one organisation and nothing of another', async () => {
    const { worker, send, sendBody, reach, handled, xw, client, prefix } = await operatedSystem();
    const running = await worker();
    for (const tenantId of ['Gone-1', 'stays-1']) {
      await send([`bad-of-${tenantId}`, `later-of-${tenantId}`, `good-of-${tenantId}`], { tenantId });
    }
    await reach('completed', 2);
    await reach('delayed', 2);
    await reach('failed', 2);
    await xw('failed', 'retry', '--tenant', 'gone-1');
    await reach('failed', 2);
    running.child.kill('SIGTERM');
    await running.ended;
    await send(['waits-of-Gone-1'], { tenantId: 'Gone-1' });
    await send(['waits-of-stays-1'], { tenantId: 'stays-1' });
    const odd = (tenantId: string): Buffer =>
      xeroBody(
        [xeroEvent({ category: 'invoice', type: 'update', resourceId: 'odd', tenantId, dateUtc: 'no date' })],
        1,
      );
    await sendBody(Buffer.from(`{"events":[${String(odd('Gone-1'))},{"tenantId":"stays-1"}]}`));
    const before = await allOfRedis(client, prefix);
    expect(before).toContain('gone-1');

    expect(await xw('tenants', 'forget', 'GONE-1')).toEqual({
      code: 1,
      stdout:
        'GONE-1 has 4 events in the queues and 3 on record\nadd --yes to erase them, and all else that is stored of it\n',
      stderr: '',
    });
    expect(await xw('tenants', 'forget', 'gone-1', '--dry-run', '--json')).toMatchObject({ code: 0 });
    const { code, stdout } = await xw('tenants', 'forget', 'GONE-1', '--yes');
    expect(stdout).toMatch(
      /^forgot GONE-1: 4 events in the queues, 3 on record, \d+ other keys, 0 bodies in quarantine\na body in quarantine names others too, or cannot be read: xw quarantine show \S{12}\n$/,
    );
    expect(code).toBe(1);
    await xw('quarantine', 'drop');
    expect(await xw('tenants', 'forget', 'gone-1', '--yes', '--json')).toMatchObject({ code: 0 });
    expect(await allOfRedis(client, prefix)).not.toContain('gone-1');

    // Of the other one, everything goes on.
    const count = handled().length;
    await worker();
    await reach('completed', 2);
    expect(
      handled()
        .slice(count)
        .every((line) => line.includes('stays-1')),
    ).toBe(true);
    expect((await xw('events', 'good-of-stays-1')).stdout).toContain('handled');
    expect((await xw('failed', 'list')).stdout).toContain('bad-of-stays-1');
  });

  it('leaves an event that is being handled, and erases it later', async () => {
    const { worker, send, reach, handle, handled, mend, count, xw, client, prefix } = await operatedSystem();
    await worker();
    await send(['slow', 'good'], { tenantId: 'gone-2' });
    await reach('completed', 1);
    const first = await xw('tenants', 'forget', 'gone-2', '--yes');
    expect(first).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('\n1 event is being handled right now: run it again in a minute\n'),
    });
    mend();
    await handle(4);
    await reach('completed', 1);
    expect(await xw('tenants', 'forget', 'gone-2', '--yes')).toMatchObject({ code: 0 });
    expect(await count('completed')).toBe(0);
    expect(handled().filter((line) => line.includes('slow'))).toHaveLength(2);
    expect(await allOfRedis(client, prefix)).not.toContain('gone-2');
  });

  it('refuses while the organisation is connected', async () => {
    const { xw, tenantIds } = await connectedSystem();
    expect(await xw(['forget', tenantIds[0]!, '--yes'], {})).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^xw: Organisation 1 is connected, so its events go on coming: .* \[XW_STILL_CONNECTED\]/,
      ),
    });
  });
});
