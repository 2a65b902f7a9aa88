import { APP_MINUTE_LIMIT, createBudget } from '@xero-webhooks/xero';
import { expect, it } from 'vitest';
import { describeWithRealRedis, until } from '@xero-webhooks/testing';
import { enqueueChanges, xeroSystem } from './support/xero-system.ts';
import type { LogLine } from '@xero-webhooks/testing';

const LIMITS = { atOnce: 5, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: APP_MINUTE_LIMIT };

const FORGETFUL = new URL('support/forgetful-handlers.ts', import.meta.url).pathname;

type System = Awaited<ReturnType<typeof xeroSystem>>;

const tenantOf = (system: System): string => system.xero.organisations[0]!.tenantId;

/** Has the budget told that Xero wants an organisation to be left alone for a while. */
async function leaveAlone({ redis, prefix, ...system }: System, ms: number): Promise<void> {
  const tenantId = system.xero.organisations[0]!.tenantId;
  const permit = await createBudget({ client: redis.client, prefix, limits: LIMITS }).acquire(tenantId);
  if (!permit.granted) throw new Error('the budget is used up');
  await permit.release({ end: 'over', bytes: 0, left: {}, refused: { limit: 'minute', retryAfterMs: ms } });
}

const outcomes = (lines: readonly LogLine[], outcome: string): LogLine[] =>
  lines.filter((line) => line['outcome'] === outcome);

describeWithRealRedis('a worker that reads from Xero', () => {
  it('puts events off whose organisation has no call left, without using an attempt, and handles them then', async () => {
    const system = await xeroSystem();
    await leaveAlone(system, 5_000);
    await enqueueChanges(system, 'invoice', Array<string>(30).fill(tenantOf(system)));
    const [worker] = await system.startWorkers(1);
    await worker!.line(({ outcome }) => outcome === 'waiting');
    expect(system.handled.read('read')).toEqual([]);

    await system.untilRead(30);
    expect(system.handled.read('read').map((one) => (one as unknown as { attempt: number }).attempt)).toEqual(
      Array<number>(30).fill(1),
    );
    expect(system.handled.read('note')).toHaveLength(30);
    expect(outcomes(worker!.lines, 'waiting')[0]).toMatchObject({
      level: 'info',
      msg: 'event delayed',
      handlers: { read: 'parked', note: 'succeeded' },
      reason: expect.stringMatching(/^Xero's minute limit leaves no call for this organisation$/),
    });
    expect(system.xero.usage(tenantOf(system)).tooManyRequests).toBe(0);
  });

  it('tries an event again whose read has failed, and says why', async () => {
    const system = await xeroSystem();
    system.xero.addFault({ kind: 'status', status: 503, times: 3 });
    await enqueueChanges(system, 'invoice', [tenantOf(system)]);
    const [worker] = await system.startWorkers(1, { RETRY_BASE_MS: '10' });
    await system.untilRead(1);
    expect(outcomes(worker!.lines, 'waiting')[0]).toMatchObject({
      level: 'warn',
      error: 'read: Xero answered 503',
      handlers: { read: 'failed', note: 'succeeded' },
    });
    expect(system.handled.read('read')).toMatchObject([{ attempt: 2 }]);
  });

  it('reads on with the calls that are left when another was killed in the middle of one', async () => {
    const system = await xeroSystem();
    const tenantId = tenantOf(system);
    system.xero.addFault({ kind: 'slow', ms: 60_000, on: { tenantId } });
    await enqueueChanges(system, 'invoice', [tenantId]);
    const [first] = await system.startWorkers(1, { JOB_LOCK_MS: '1000' });
    await expect.poll(() => system.xero.calls().length, { timeout: 10_000 }).toBe(1);
    first!.child.kill('SIGKILL');
    await system.startWorkers(1, { JOB_LOCK_MS: '1000' });
    await system.untilRead(1);
    expect(system.xero.usage(tenantId).calls).toBe(2);
  });

  it('warns of reads that a handler has not awaited, whose failure does not end it', async () => {
    const system = await xeroSystem();
    const tenantId = tenantOf(system);
    system.xero.addFault({ kind: 'status', status: 404, times: 2 });
    const [worker] = await system.startWorkers(1, { HANDLERS: FORGETFUL });
    for (const category of ['invoice', 'contact'] as const) await enqueueChanges(system, category, [tenantId]);
    const warnings = () => worker!.lines.filter(({ code }) => code === 'XW_HANDLER_AWAIT');
    await until(() => warnings().length >= 2, 'a warning of each handler');
    await until(() => system.xero.calls().length >= 2, 'each read');
    const found = warnings().map(({ level, event, handler, msg }) => [level, event, handler, msg].join(' '));
    expect(found.toSorted()).toEqual([
      expect.stringMatching(/^warn contact.updated hasty .* was called after the handler had returned$/),
      expect.stringMatching(/^warn invoice.updated forgetful .* had not ended when the handler returned$/),
    ]);

    await enqueueChanges(system, 'invoice', [tenantId]);
    await worker!.line(({ msg }) => msg === 'read');
    expect(outcomes(worker!.lines, 'handled')).toHaveLength(3);
  });

  it('fails an attempt that has not awaited a read, where that is wanted', async () => {
    const system = await xeroSystem();
    await enqueueChanges(system, 'invoice', [tenantOf(system)]);
    const [worker] = await system.startWorkers(1, { HANDLERS: FORGETFUL, MISSING_AWAIT: 'fail' });
    expect(await worker!.line(({ outcome }) => outcome === 'waiting')).toMatchObject({
      error:
        'forgetful: an await is missing in handler forgetful: context.resource() had not ended when the handler returned',
    });
  });

  it('gets the token of a custom connection itself', async () => {
    const system = await xeroSystem();
    await enqueueChanges(system, 'contact', [tenantOf(system)]);
    const [worker] = await system.startWorkers(1, {
      XERO_TOKEN_URL: '',
      XERO_TOKEN_SECRET: '',
      XERO_IDENTITY_URL: system.xero.url,
      XERO_CLIENT_ID: 'demo-custom',
      XERO_CLIENT_SECRET: 'demo-secret',
      XERO_CUSTOM_CONNECTION: 'true',
    });
    await system.untilRead(1);
    expect(worker!.lines.find(({ msg }) => msg === 'worker is ready')).toMatchObject({ xero: 'custom connection' });
    expect(system.xero.calls().map(({ path }) => path)).toEqual(['/connect/token', '/api.xro/2.0/Contacts']);
  });

  it('lets no token into its log, into Redis or into a job', async () => {
    const system = await xeroSystem();
    for (const kind of ['reset', 'malformed'] as const) system.xero.addFault({ kind });
    system.xero.addFault({ kind: 'status', status: 401, times: 2 });
    await enqueueChanges(system, 'invoice', [tenantOf(system)]);
    const [worker] = await system.startWorkers(1, { RETRY_BASE_MS: '10', LOG_LEVEL: 'trace' });
    await worker!.line(({ outcome }) => outcome === 'waiting');
    await expect.poll(() => system.xero.calls().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);

    const { client } = system.redis;
    // Else what is longer than 20 bytes is not found again in a dump.
    await client.config('SET', 'rdbcompression', 'no');
    const stored: string[] = [];
    for (const key of await client.keys(`${system.prefix}:*`)) {
      // The worker is still at work: what its keys name may have ended meanwhile.
      const value = (await client.dumpBuffer(key)) as Buffer | null;
      stored.push(key, value?.toString('latin1') ?? '');
    }
    expect(stored.join('\n')).toContain(tenantOf(system));
    // All of the fake's access tokens begin like this.
    const beginning = system.xero.grant().access_token.slice(0, 30);
    expect(JSON.stringify(worker!.lines)).not.toContain(beginning);
    expect(stored.join('\n')).not.toContain(beginning);
    expect(JSON.stringify(worker!.lines)).not.toContain('token-service-secret');
  });
});
