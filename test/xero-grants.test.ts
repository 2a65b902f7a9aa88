import { setTimeout as wait } from 'node:timers/promises';
import type { EventJob } from '@xero-webhooks/queue';
import type { TokenLifetimes } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import { describeWithRealRedis } from '@xero-webhooks/testing';
import { startBoard } from './support/system.ts';
import { visitor } from './support/visitor.ts';
import { enqueueChanges, xeroSystem } from './support/xero-system.ts';

const KEY = Buffer.alloc(32, 'a key').toString('base64');

/** Workers and a board that get tokens by the connect page, where a user has connected all organisations. */
async function connectedSystem(lifetimes: Partial<TokenLifetimes>) {
  const system = await xeroSystem({ lifetimes });
  const environment = { ...system.xero.environment, TOKEN_ENCRYPTION_KEY: KEY };
  const board = await startBoard(system.prefix, environment);
  const guest = visitor(board.url);
  const atXero = await guest.get((await guest.get('/connect/start')).location!);
  const done = await guest.get(atXero.location!);
  expect(done.location).toBe('/connect?notice=connected');
  return {
    ...system,
    board,
    tenantIds: system.xero.organisations.map(({ tenantId }) => tenantId),
    startWorkers: (count: number) =>
      system.startWorkers(count, { ...environment, XERO_TOKEN_URL: '', XERO_TOKEN_SECRET: '', BOARD_URL: board.url }),
    askedForTokens: () => system.xero.calls().filter(({ path }) => path === '/connect/token').length,
  };
}

describeWithRealRedis('workers whose organisations were connected on the board', () => {
  it('renew an expired grant of two organisations once, all eight together', async () => {
    const lifeMs = 8_000;
    const system = await connectedSystem({ accessTokenMs: lifeMs });
    await Promise.all([system.startWorkers(8), wait(lifeMs)]);
    const asked = system.askedForTokens();
    const jobs: EventJob[] = [];
    for (const tenantId of system.tenantIds) {
      jobs.push(...(await enqueueChanges(system, 'creditnote', Array<string>(24).fill(tenantId))));
    }
    await system.untilRead(jobs.length);
    expect(system.askedForTokens()).toBe(asked + 1);
    expect(
      new Set(system.handled.read('read').map((one) => (one as unknown as { pid: number }).pid)).size,
    ).toBeGreaterThan(1);
  }, 60_000);

  it('put the events of a dead grant off and say once where to connect it again', async () => {
    const system = await connectedSystem({ accessTokenMs: 1_000, refreshTokenMs: 1_000 });
    await wait(1_000);
    const [worker] = await system.startWorkers(1);
    await enqueueChanges(system, 'invoice', system.tenantIds);
    await worker!.line(() => worker!.lines.filter(({ outcome }) => outcome === 'waiting').length === 2);
    const alerts = worker!.lines.filter((line) => 'alert' in line);
    expect(alerts).toMatchObject([
      { level: 'error', alert: 'grant-dead', tenantIds: expect.arrayContaining(system.tenantIds) },
    ]);
    expect(alerts[0]!.msg).toContain(`${system.board.url}/connect`);
    for (const line of worker!.lines.filter(({ outcome }) => outcome === 'waiting')) {
      expect(line).toMatchObject({ handlers: { read: 'parked', note: 'succeeded' }, nextInMs: expect.any(Number) });
    }
  });
});
