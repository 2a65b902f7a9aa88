import { expect, it } from 'vitest';
import { describeWithRealRedis } from '@xero-webhooks/testing';
import { enqueueChanges, organisations, xeroSystem } from './support/xero-system.ts';

/** As many of each as asked for. */
const times = (count: number, tenantIds: readonly string[]): string[] =>
  tenantIds.flatMap((tenantId) => Array<string>(count).fill(tenantId));

describeWithRealRedis('several workers that read from Xero', () => {
  it('read a thousand invoices of one organisation with at most 25 calls, within its limits', async () => {
    const system = await xeroSystem();
    const { tenantId } = system.xero.organisations[0]!;
    await enqueueChanges(system, 'invoice', times(1_000, [tenantId]));
    await system.startWorkers(4);
    await system.untilRead(1_000, 90_000);

    const usage = system.xero.usage(tenantId);
    expect(usage.calls).toBeLessThanOrEqual(25);
    expect(usage.maxPerMinute).toBeLessThanOrEqual(60);
    expect(usage.maxSimultaneous).toBeLessThanOrEqual(5);
    expect(usage.tooManyRequests).toBe(0);
    expect(new Set(system.handled.read('read').map(({ resourceId }) => resourceId)).size).toBe(1_000);
  }, 120_000);

  it('read what cannot be read together one by one, five at once, and never more than the minute allows', async () => {
    const system = await xeroSystem();
    const [slow, quick] = system.xero.organisations.map(({ tenantId }) => tenantId) as [string, string];
    system.xero.addFault({ kind: 'slow', ms: 300, times: 1_000, on: { tenantId: slow } });
    await enqueueChanges(system, 'creditnote', times(40, [slow]));
    await enqueueChanges(system, 'creditnote', times(40, [quick]));
    await system.startWorkers(3, { XERO_MINUTE_LIMIT: '30', WORKER_CONCURRENCY: '20' });
    // What is left of each is put off until the minute is over.
    await system.untilRead(60, 60_000);

    for (const tenantId of [slow, quick]) {
      // Thirty in all: Xero's minutes go by its clock, and one may end among these calls.
      expect(system.xero.usage(tenantId)).toMatchObject({ calls: 30, tooManyRequests: 0 });
      expect(system.xero.usage(tenantId).maxSimultaneous).toBeLessThanOrEqual(5);
    }
    expect(system.xero.usage(slow).maxSimultaneous).toBe(5);
    // Handlers that never ask are not held up.
    expect(system.handled.read('note')).toHaveLength(80);
  }, 90_000);

  it('read for 49 organisations as if there were not one more at its day limit', async () => {
    const all = organisations(50);
    const system = await xeroSystem({ organisations: all });
    const [limited, ...others] = all.map(({ tenantId }) => tenantId) as [string, ...string[]];
    // Somebody else's calls have used its day up.
    const { access_token: token } = system.xero.grant();
    system.xero.setLimits({ perDay: 40 });
    const headers = { authorization: `Bearer ${token}`, 'xero-tenant-id': limited };
    for (let call = 0; call < 40; call++) await fetch(`${system.xero.url}/api.xro/2.0/Organisation`, { headers });
    system.xero.forgetCalls();

    await enqueueChanges(
      system,
      'invoice',
      times(20, [limited, ...others]).toSorted(() => Math.random() - 0.5),
    );
    await system.startWorkers(2);
    await system.untilRead(980, 60_000);

    expect(system.handled.read('read').filter(({ tenantId }) => tenantId === limited)).toEqual([]);
    expect(system.handled.read('note')).toHaveLength(1_000);
    // The first of its calls is told that nothing is left, and no other is made; two can be on their way by then.
    expect(system.xero.usage(limited).calls).toBeLessThanOrEqual(5);
    for (const tenantId of others) expect(system.xero.usage(tenantId).tooManyRequests).toBe(0);
  }, 90_000);

  it('ask whoever brings tokens once for each organisation and process, and Xero never', async () => {
    const all = organisations(200);
    const system = await xeroSystem({ organisations: all });
    const tenantIds = all.map(({ tenantId }) => tenantId);
    await enqueueChanges(system, 'invoice', times(5, tenantIds));
    await system.startWorkers(8, { WORKER_CONCURRENCY: '10' });
    await system.untilRead(1_000, 60_000);

    expect(system.xero.calls().filter(({ path }) => path.startsWith('/connect'))).toEqual([]);
    expect(system.service.asked.every(({ refresh }) => !refresh)).toBe(true);
    const perTenant = Map.groupBy(system.service.asked, ({ tenantId }) => tenantId);
    expect(perTenant.size).toBe(200);
    expect(Math.max(...[...perTenant.values()].map((asked) => asked.length))).toBeLessThanOrEqual(8);
  }, 90_000);

  it('read nothing for events whose handlers do not ask', async () => {
    const system = await xeroSystem();
    const { tenantId } = system.xero.organisations[0]!;
    await enqueueChanges(system, 'overpayment', times(20, [tenantId]));
    const [worker] = await system.startWorkers(1);
    for (let handled = 0; handled < 20; handled++) {
      await worker!.line(() => worker!.lines.filter(({ msg }) => msg === 'event handled').length > handled);
    }
    expect(system.xero.calls()).toEqual([]);
    expect(system.service.asked).toEqual([]);
  });
});
