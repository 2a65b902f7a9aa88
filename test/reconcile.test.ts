import { createClock } from '@xero-webhooks/fake-xero';
import { describeWithRealRedis, until } from '@xero-webhooks/testing';
import { expect, inject, it } from 'vitest';
import { startBoard, startWorker } from './support/system.ts';
import { visitor } from './support/visitor.ts';
import { enqueueChanges, xeroSystem } from './support/xero-system.ts';

const EVERY = new URL('support/every-resource-handlers.ts', import.meta.url).pathname;

const MINUTE = 60_000;

describeWithRealRedis('reconciling', () => {
  it('has handled what the webhook missed, and says how much of what that is', async () => {
    // What changed a quarter of an hour ago: of what is new, a webhook may still tell.
    const clock = createClock();
    clock.advance(-15 * MINUTE);
    const system = await xeroSystem({ clock });
    const { xero, handled, prefix } = system;
    const [one, other] = xero.organisations.map(({ tenantId }) => tenantId) as [string, string];
    const environment = { XERO_API_URL: xero.url, HANDLED_FILE: handled.file, ...system.service.environment };
    const read = () => handled.read('read') as unknown as { tenantId: string; source: string }[];
    await enqueueChanges(system, 'invoice', [one, one, one, other]);
    const first = await startWorker(prefix, EVERY, environment);
    await until(() => read().length === 4, 'the events of the webhook to be handled');
    expect(first.lines.some(({ msg }) => msg === 'reconciling')).toBe(false);
    xero.changeAll(Array.from({ length: 7 }, () => ({ category: 'invoice', tenantId: one, notify: false })));
    first.child.kill('SIGTERM');
    await first.ended;

    const every = { ...environment, RECONCILE_INTERVAL_S: '3600' };
    const second = await startWorker(prefix, EVERY, every);
    const line = await second.line(({ msg }) => msg.startsWith('the webhook missed changes'));
    expect(line).toMatchObject({ tenantId: one, category: 'invoice', missed: 7, changes: 10 });
    await until(() => read().length === 11, 'what was missed to be handled');
    expect(read().filter(({ source }) => source === 'backfill')).toHaveLength(7);
    const metrics = await (await fetch(`${second.admin}/metrics`)).text();
    expect(metrics).toContain(`xw_reconciled_missed_total{category="invoice",tenant="${one}",app="worker"} 7`);

    const board = await startBoard(prefix, { REDIS_URL: inject('redis').url });
    const guest = visitor(board.url);
    const [, path] = /<a href="(\/backfill\/\w+)"/.exec((await guest.get('/backfill')).text)!;
    await until(
      async () => (await guest.get(path!)).text.includes('Done: the webhook missed 7 of 11 changes.'),
      'the page to say what was missed',
    );
    // Another worker, and a restart, do not begin another.
    const third = await startWorker(prefix, EVERY, every);
    second.child.kill('SIGTERM');
    await second.ended;
    expect(xero.calls().filter(({ query }) => query.includes('pageSize=1000'))).toHaveLength(12);
    expect(third.lines.filter(({ msg }) => msg === 'reconciling')).toEqual([]);
  });
});
