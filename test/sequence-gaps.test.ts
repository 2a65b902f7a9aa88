import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { readSequences } from '@xero-webhooks/queue';
import { describeWithRealRedis, until } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { post, startIngress, startWorker } from './support/system.ts';
import { xeroSystem } from './support/xero-system.ts';

const EVERY = new URL('support/every-resource-handlers.ts', import.meta.url).pathname;

describeWithRealRedis("a gap in the numbers of Xero's events", () => {
  it('that does not close has what changed then read, and what no webhook told handled', async () => {
    const system = await xeroSystem();
    const { xero, handled, prefix, redis } = system;
    const ingress = await startIngress(prefix);
    const tenantId = xero.organisations[0]!.tenantId;
    const changes = xero.changeAll(
      Array.from({ length: 70 }, () => ({ category: 'invoice' as const, tenantId, notify: false })),
    );
    // The events of five of them never come: a request that Xero has given up.
    const lost = new Set([40, 41, 42, 43, 44]);
    for (const [index, { resourceId, updatedAt }] of changes.entries()) {
      if (lost.has(index)) continue;
      const dateUtc = new Date(updatedAt).toISOString().slice(0, -1);
      const event = xeroEvent({ category: 'invoice', type: 'create', resourceId, tenantId, dateUtc });
      expect((await post(ingress.url, xeroBody([event], index + 1))).status).toBe(200);
    }
    const gaps = async () => (await readSequences(redis.client, prefix))[0]?.gaps ?? [];
    await until(async () => (await gaps()).length === 1, 'the gap to be seen');
    expect(await gaps()).toMatchObject([{ first: 41, last: 45 }]);
    const metrics = await (await fetch(`${ingress.admin}/metrics`)).text();
    expect(metrics).toContain('xw_sequence_hints_total{hint="gap",app="ingress"} 1');

    const environment = { XERO_API_URL: xero.url, HANDLED_FILE: handled.file, ...system.service.environment };
    const patient = await startWorker(prefix, EVERY, environment);
    await until(() => handled.read('read').length === 65, 'what came by webhook to be handled');
    patient.child.kill('SIGTERM');
    await patient.ended;
    expect(await gaps()).toHaveLength(1);

    const worker = await startWorker(prefix, EVERY, { ...environment, GAP_BACKFILL_S: '1' });
    const line = await worker.line(({ msg }) => msg.startsWith('events are missing in Xero'));
    expect(line).toMatchObject({ missing: 5, organisations: 1 });
    await until(() => handled.read('read').length === 70, 'what was lost to be handled');
    const found = handled.read('read').slice(65) as unknown as { resourceId: string; source: string }[];
    expect(found.map(({ source }) => source)).toEqual(Array<string>(5).fill('backfill'));
    expect(new Set(found.map(({ resourceId }) => resourceId))).toEqual(
      new Set(changes.filter((_, index) => lost.has(index)).map(({ resourceId }) => resourceId)),
    );
    expect(await gaps()).toEqual([]);
  });
});
