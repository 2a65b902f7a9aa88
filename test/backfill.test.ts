import { randomUUID } from 'node:crypto';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { ResourceCategory } from '@xero-webhooks/webhook';
import { describeWithRealRedis, until } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { startXw, runXw } from './support/run-xw.ts';
import { enqueueChanges, organisations, xeroSystem } from './support/xero-system.ts';
import { startWorker } from './support/system.ts';
import { inject } from 'vitest';

const EVERY = new URL('support/every-resource-handlers.ts', import.meta.url).pathname;

type System = Awaited<ReturnType<typeof xeroSystem>>;
type Seen = { handler: string; resourceId: string; source: string; updated: string; attempt: number };

/** A day of changes of which no webhook told. @returns how each of them stands in Xero, by id */
function missedChanges(
  { xero }: System,
  count: number,
  categories: readonly ResourceCategory[] = RESOURCE_CATEGORIES,
): Map<string, string> {
  const { organisations: all } = xero;
  const made = xero.changeAll(
    Array.from({ length: count }, (_, index) => ({
      category: categories[Math.floor(index / all.length) % categories.length]!,
      tenantId: all[index % all.length]!.tenantId,
      resourceId: randomUUID(),
      notify: false,
    })),
  );
  return new Map(made.map(({ resourceId, updatedAt }) => [resourceId, new Date(updatedAt).toISOString()]));
}

const environmentOf = ({ prefix }: System): Record<string, string> => ({
  REDIS_URL: inject('redis').url,
  REDIS_PREFIX: prefix,
});

const start = (system: System, environment: Record<string, string> = {}) =>
  startWorker(system.prefix, EVERY, {
    XERO_API_URL: system.xero.url,
    HANDLED_FILE: system.handled.file,
    ...system.service.environment,
    ...environment,
  });

const tenants = ({ xero }: System): string[] => ['--tenant', ...xero.organisations.map(({ tenantId }) => tenantId)];

const seen = ({ handled }: System): Seen[] => handled.read('read') as unknown as Seen[];

const isoOf = (time: number): string => new Date(time).toISOString();

describeWithRealRedis('a backfill', () => {
  it('has every change of a day handled once, with few calls, and lets live events overtake', async () => {
    const system = await xeroSystem({ organisations: organisations(10) });
    const since = isoOf(Date.now());
    const missed = missedChanges(system, 2_000);
    await start(system, { WORKER_CONCURRENCY: '5', HANDLER_MS: '10' });
    const words = ['backfill', '--since', since, ...tenants(system), '--yes', '--json'];
    const backfill = startXw(words, environmentOf(system));
    await until(() => seen(system).length >= 50, 'the first to be handled');
    const live = await enqueueChanges(system, 'invoice', [system.xero.organisations[0]!.tenantId]);
    expect(await backfill.ended).toBe(0);
    await until(() => seen(system).length >= 2_001, 'all to be handled', 60_000);

    const handled = seen(system);
    const found = handled.filter(({ source }) => source === 'backfill');
    expect(found.length).toBe(2_000);
    expect(Object.fromEntries(found.map(({ resourceId, updated }) => [resourceId, updated]))).toEqual(
      Object.fromEntries(missed),
    );
    const place = handled.findIndex(({ resourceId }) => resourceId === live[0]!.data.event.resourceId);
    expect(place).toBeLessThan(1_500);
    const result = JSON.parse(backfill.stdout()) as { calls: number; read: number; known: number };
    expect(result).toMatchObject({ state: 'done', organisations: 10, added: 2_000, troubles: [] });
    // The live event may have been handled before its list was read.
    expect(result.read - result.known).toBe(2_000);
    // Each of the sixty lists is counted and read; one more call is for the live event.
    expect(result.calls).toBe(120);
    expect(system.xero.calls().length).toBe(121);
    expect(system.xero.organisations.map(({ tenantId }) => system.xero.usage(tenantId).tooManyRequests)).toEqual(
      Array<number>(10).fill(0),
    );
  });

  it('leaves out what was handled in that state or is on its way, and says so', async () => {
    const system = await xeroSystem();
    const since = isoOf(Date.now());
    const { tenantId } = system.xero.organisations[0]!;
    const jobs = await enqueueChanges(system, 'contact', Array<string>(5).fill(tenantId));
    await start(system);
    await until(() => seen(system).length >= 5, 'the events to be handled');
    // One of them changed again, and nobody told.
    const { resourceId } = jobs[0]!.data.event;
    system.xero.change({ category: 'contact', tenantId, resourceId, notify: false });
    const only = ['--tenant', tenantId, '--category', 'contact'];
    const result = await runXw(['backfill', '--since', since, ...only, '--yes'], environmentOf(system));
    expect(result).toMatchObject({
      code: 0,
      stdout: 'read 5 resources with 2 calls: 1 event enqueued, 4 needed none\n',
    });
    await until(() => seen(system).length >= 6, 'the change to be handled');
    expect(seen(system)[5]).toMatchObject({ resourceId, source: 'backfill' });
    const again = await runXw(['backfill', '--since', since, ...only, '--yes'], environmentOf(system));
    expect(again.stdout).toBe('read 5 resources with 2 calls: 0 events enqueued, 5 needed none\n');
    expect(seen(system)).toHaveLength(6);
  });

  it('says what it takes before it starts, and goes on after its worker and its command were killed', async () => {
    const system = await xeroSystem();
    const since = isoOf(Date.now());
    const missed = missedChanges(system, 2_500, ['invoice']);
    const only = [...tenants(system), '--category', 'invoice'];
    const first = await start(system, { JOB_LOCK_MS: '1000' });
    const planned = await runXw(['backfill', '--since', since, ...only], environmentOf(system));
    expect(planned.code).toBe(1);
    const id = /xw backfill --run (\w+) --yes/.exec(planned.stdout)![1]!;
    expect(planned.stdout).toMatch(
      /^2500 resources changed in 2 organisations from .+ to now\nreading them takes 4 calls; counting took 2 calls\nadd --yes/,
    );
    expect(seen(system)).toEqual([]);

    const command = startXw(['backfill', '--run', id, '--yes'], environmentOf(system));
    await until(() => seen(system).length > 100, 'some to be handled');
    command.child.kill('SIGKILL');
    first.child.kill('SIGKILL');
    await start(system, { JOB_LOCK_MS: '1000' });
    const result = await runXw(['backfill', '--run', id, '--yes', '--json'], environmentOf(system));
    expect(JSON.parse(result.stdout)).toMatchObject({ state: 'done', found: 2_500, read: 2_500 });
    await until(() => new Set(seen(system).map(({ resourceId }) => resourceId)).size >= 2_500, 'all to be handled');
    expect(new Set(seen(system).map(({ resourceId }) => resourceId))).toEqual(new Set(missed.keys()));
  });

  it('stops with Ctrl-C, says what it waits for, and goes on with --run', async () => {
    const system = await xeroSystem();
    const since = isoOf(Date.now());
    missedChanges(system, 40, ['payment', 'invoice']);
    const refuse = (): void =>
      system.xero.addFault({
        kind: 'status',
        status: 429,
        retryAfter: 3,
        times: 1,
        on: { path: '/api.xro/2.0/Payments' },
      });
    const untilWaits = (command: ReturnType<typeof startXw>) =>
      until(() => / waits: Xero's \w+ limit/.test(command.stderr()), 'it to be told that an organisation waits');
    await start(system);
    refuse();
    const words = ['backfill', '--since', since, ...tenants(system), '--category', 'payment', 'invoice', '--yes'];
    const counting = startXw(words, environmentOf(system));
    await untilWaits(counting);
    counting.child.kill('SIGINT');
    expect(await counting.ended).toBe(1);
    const id = /interrupted before it began: xw backfill --run (\w+) goes on/.exec(counting.stderr())![1]!;
    expect((await runXw(['backfill', '--run', id], environmentOf(system))).stdout).toMatch(/^40 resources changed/);

    refuse();
    const reading = startXw(['backfill', '--run', id, '--yes'], environmentOf(system));
    await untilWaits(reading);
    reading.child.kill('SIGINT');
    expect(await reading.ended).toBe(1);
    expect(reading.stdout()).toContain(`stopped: xw backfill --run ${id} --yes goes on with it`);
    const result = await runXw(['backfill', '--run', id, '--yes'], environmentOf(system));
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^read 40 resources with \d+ calls: 40 events enqueued, 0 needed none\n$/);
  });

  it('is refused where nobody could do the work', async () => {
    const system = await xeroSystem();
    const environment = environmentOf(system);
    const words = ['backfill', '--since', '1h', ...tenants(system)];
    expect((await runXw(words, environment)).stderr).toMatch(/no worker is running.+XW_NO_READER/);
    await startWorker(system.prefix, EVERY, { HANDLED_FILE: system.handled.file });
    expect((await runXw(words, environment)).stderr).toMatch(/say where access tokens come from.+XW_NO_READER/);
    await start(system);
    expect((await runXw(['backfill', '--run', 'nothing'], environment)).stderr).toMatch(/XW_NO_BACKFILL/);
    expect((await runXw(['backfill', '--since', '1h'], environment)).stderr).toMatch(/XW_NO_TENANT/);
    expect(await runXw(['backfill'], environment)).toMatchObject({ code: 2 });
  });
});
